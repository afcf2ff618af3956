package dev.ancestral.diffusion.sampler;

/** Leaves estimates of x0 as they are; right where the data have no bounds. */
enum NoClipping implements Clipping {
  INSTANCE;

  @Override
  public String words() {
    return "none";
  }

  @Override
  public void apply(float[] x0) {}
}
