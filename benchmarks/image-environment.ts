/** What the image sets (docker/Dockerfile), as far as it bears on time and memory: Nestor is measured as it runs there. */
export const imageEnvironment = { NODE_ENV: 'production', MALLOC_MMAP_THRESHOLD_: '1048576' };
