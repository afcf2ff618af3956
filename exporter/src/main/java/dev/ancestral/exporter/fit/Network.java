package dev.ancestral.exporter.fit;

/** A network as a fit needs it: what it predicts, guided. Not thread-safe. */
interface Network {
  /**
   * Predicts for rows at one timestep.
   *
   * @param x the states, any number of them
   * @param timestep of all of them
   * @param labels one a row; ignored by an unconditional network
   * @param guidance weight of classifier-free guidance; 1 for the label's prediction alone
   * @return m, [row][element], without a variance half
   */
  float[][] predict(float[][] x, double timestep, long[] labels, double guidance);
}
