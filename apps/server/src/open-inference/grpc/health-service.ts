/** Loaded on demand: this file's static export lets a dynamic import see the package's names. */
export { HealthImplementation } from 'grpc-health-check';
