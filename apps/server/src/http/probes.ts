/** The paths by which orchestrators ask whether to send requests here: open to all, unlimited, and logged quietly. */
export const PROBES: ReadonlySet<string> = new Set([
  '/livez',
  '/readyz',
  '/health/live',
  '/health/ready',
  '/v2/health/live',
  '/v2/health/ready',
  '/ping',
  '/health',
]);
