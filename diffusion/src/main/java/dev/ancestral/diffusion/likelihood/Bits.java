package dev.ancestral.diffusion.likelihood;

/** The unit that likelihoods are compared in. */
public final class Bits {
  /** Nats in one bit. */
  public static final double NATS = Math.log(2);

  private Bits() {}

  /** Nats as bits. */
  public static double of(double nats) {
    return nats / NATS;
  }
}
