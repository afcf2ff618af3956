package dev.ancestral.diffusion.sampler;

/** UniPC's B(h), in terms of estimates of x0. */
public enum SolverType {
  /** -h. */
  BH1 {
    @Override
    double scale(double h) {
      return -h;
    }
  },
  /** e^{-h} - 1, which stays finite however long the step is. */
  BH2 {
    @Override
    double scale(double h) {
      return Math.expm1(-h);
    }
  };

  abstract double scale(double h);
}
