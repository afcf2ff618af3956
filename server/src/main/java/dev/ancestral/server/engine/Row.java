package dev.ancestral.server.engine;

/** One row of a batch, as the network sees it. */
public interface Row {
  /** x_t, as many floats as the data has elements. Read only; valid until the call returns. */
  float[] state();

  /** The timestep, possibly fractional. */
  double timestep();

  /** The class label; without meaning where the network takes none. */
  int label();
}
