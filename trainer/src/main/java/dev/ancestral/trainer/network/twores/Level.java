package dev.ancestral.trainer.network.twores;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Conv2d;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.layer.SpaceToDepth;
import java.util.Deque;

/** Two blocks at one resolution, what follows them, and the way to the next resolution. */
final class Level {
  private static final int KERNEL = 3;

  private final ResidualBlock first;
  private final ResidualBlock second;
  private final Skip firstSkip;
  private final Skip secondSkip;
  private final Layer attention;
  private final Layer resampler;

  private Level(
      ResidualBlock first,
      ResidualBlock second,
      Skip firstSkip,
      Skip secondSkip,
      Layer attention,
      Layer resampler) {
    this.first = first;
    this.second = second;
    this.firstSkip = firstSkip;
    this.secondSkip = secondSkip;
    this.attention = attention;
    this.resampler = resampler;
  }

  /** Level {@code index} on the way down; all but the last halve the size at their end. */
  static Level down(Scope scope, Parts parts, TwoResConfig config, int index) {
    int in = config.channels().get(index);
    int out = config.channels().get(index + 1);
    boolean halves = index < config.levels() - 1;
    Scope end = parts.resampler(scope, halves);
    return new Level(
        parts.block(scope.at("0"), in, in),
        parts.block(scope.at("1"), in, in),
        Skip.PLAIN,
        Skip.PLAIN,
        parts.attention(scope, index, in),
        halves
            ? new SpaceToDepth(end, in, out)::apply
            : new Conv2d(end, in, out, KERNEL, 1)::apply);
  }

  /** Level {@code index} on the way up; all but the first double the size at their end. */
  static Level up(Scope scope, Parts parts, TwoResConfig config, int index) {
    int skip = config.channels().get(index);
    int in = config.channels().get(index + 1);
    boolean doubles = index > 0;
    Conv2d end = new Conv2d(parts.resampler(scope, doubles), in, skip, KERNEL, 1);
    return new Level(
        parts.block(scope.at("0"), in + skip, in),
        parts.block(scope.at("1"), in + skip, in),
        parts.skip(scope, 0, skip, in),
        parts.skip(scope, 1, skip, in),
        parts.attention(scope, index, in),
        doubles ? (pass, x) -> end.apply(pass, Functions.upsampleNearest(x)) : end::apply);
  }

  /** Pushes what the blocks made, for the way up. */
  NDArray applyDown(Pass pass, NDArray x, NDArray time, Deque<NDArray> skips) {
    NDArray hidden = first.apply(pass, x, time);
    skips.push(hidden);
    hidden = attention.apply(pass, second.apply(pass, hidden, time));
    skips.push(hidden);
    return resampler.apply(pass, hidden);
  }

  /** Pops one output of the way down for each block. */
  NDArray applyUp(Pass pass, NDArray x, NDArray time, Deque<NDArray> skips) {
    NDArray hidden = first.apply(pass, joined(pass, x, firstSkip, skips), time);
    hidden = second.apply(pass, joined(pass, hidden, secondSkip, skips), time);
    return resampler.apply(pass, attention.apply(pass, hidden));
  }

  private static NDArray joined(Pass pass, NDArray x, Skip skip, Deque<NDArray> skips) {
    return x.concat(skip.apply(pass, skips.pop(), x), 1);
  }
}
