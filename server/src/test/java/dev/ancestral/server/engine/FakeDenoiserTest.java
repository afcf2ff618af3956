package dev.ancestral.server.engine;

import java.util.List;

final class FakeDenoiserTest extends DenoiserContract {
  @Override
  protected Denoiser create(boolean labels, boolean variance) {
    return new FakeDenoiser(List.of(1L, 4L, 4L), labels, variance, 8);
  }
}
