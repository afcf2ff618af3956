package dev.ancestral.trainer;

/** Which of a checkpoint's weights. */
public enum WeightsKind {
  /** The moving average, which samples better. */
  EMA,
  /** The weights as the optimizer left them. */
  RAW
}
