/**
 * The image's environment (docker/Dockerfile), as far as it affects time and memory, so that Nestor runs as in the
 * image.
 */
export const imageEnvironment = { NODE_ENV: 'production', MALLOC_MMAP_THRESHOLD_: '1048576' };
