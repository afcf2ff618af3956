package dev.ancestral.server.door;

/** Which requests get a line in the log. */
public enum LoggedRequests {
  /** Those that end other than OK or CANCELLED; repeats of one kind are counted. */
  FAILED,
  /** Every one. */
  ALL
}
