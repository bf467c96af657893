/** The package of the health service. It is loaded on demand, by way of this file: its names come in at build time. */
export { HealthImplementation } from 'grpc-health-check';
