package dev.ancestral.client.output;

import java.awt.image.BufferedImage;
import java.util.AbstractList;
import java.util.function.IntFunction;

/** Frames drawn when they are asked for, so that only one is in memory. */
final class LazyFrames extends AbstractList<BufferedImage> {
  private final int size;
  private final IntFunction<BufferedImage> draw;

  LazyFrames(int size, IntFunction<BufferedImage> draw) {
    this.size = size;
    this.draw = draw;
  }

  @Override
  public BufferedImage get(int index) {
    return draw.apply(index);
  }

  @Override
  public int size() {
    return size;
  }
}
