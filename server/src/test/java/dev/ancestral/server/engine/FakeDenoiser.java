package dev.ancestral.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A network that is a formula: prediction = x/2 + sin(t)/8 + label/64, and, if it has a variance
 * half, x/4 - cos(t)/8 - label/32 there. Counts and remembers its calls, and can be held up,
 * poisoned or made to throw.
 */
public final class FakeDenoiser implements Denoiser {
  /** A row as the network saw it. */
  public record Seen(double timestep, int label) {}

  private final List<Long> shape;
  private final boolean labels;
  private final boolean variance;
  private final int maxRows;
  private final List<List<Seen>> calls = new CopyOnWriteArrayList<>();
  private volatile Consumer<List<? extends Row>> before = rows -> {};
  private volatile Predicate<Row> poisoned = row -> false;
  private volatile boolean unsteady;
  private volatile @Nullable DeviceChain chain;
  private volatile boolean closed;

  public FakeDenoiser(List<Long> shape, boolean labels, int maxRows) {
    this(shape, labels, false, maxRows);
  }

  public FakeDenoiser(List<Long> shape, boolean labels, boolean variance, int maxRows) {
    this.shape = shape;
    this.labels = labels;
    this.variance = variance;
    this.maxRows = maxRows;
  }

  /** Runs at the start of each call, on the engine's thread. */
  public FakeDenoiser before(Consumer<List<? extends Row>> hook) {
    before = hook;
    return this;
  }

  /** Rows whose prediction gets a NaN. */
  public FakeDenoiser poison(Predicate<Row> rows) {
    poisoned = rows;
    return this;
  }

  /** From now on a row's bits depend on the number of rows, as with kernels that differ. */
  public FakeDenoiser unsteady() {
    unsteady = true;
    return this;
  }

  /** Gives it a chain beside the network. */
  public FakeDenoiser with(DeviceChain fake) {
    chain = fake;
    return this;
  }

  @Override
  public @Nullable DeviceChain chain() {
    return chain;
  }

  /** What each call saw, in order. */
  public List<List<Seen>> calls() {
    return calls;
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public List<Long> dataShape() {
    return shape;
  }

  @Override
  public boolean takesLabels() {
    return labels;
  }

  @Override
  public boolean predictsVariance() {
    return variance;
  }

  @Override
  public int maxRows() {
    return maxRows;
  }

  @Override
  public void predict(List<? extends Row> rows, float[] predictions) {
    if (closed) {
      throw new IllegalStateException("denoiser: is closed");
    }
    if (rows.isEmpty() || rows.size() > maxRows) {
      throw new IllegalArgumentException("rows: " + rows.size());
    }
    before.accept(rows);
    List<Seen> seen = new ArrayList<>();
    int elements = elements();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (row.state().length != elements) {
        throw new IllegalArgumentException("row " + i + ": " + row.state().length + " numbers");
      }
      seen.add(new Seen(row.timestep(), row.label()));
      int offset = i * predictionElements();
      for (int j = 0; j < elements; j++) {
        float x = row.state()[j];
        predictions[offset + j] = predict(x, row.timestep(), labels ? row.label() : 0);
        if (unsteady) {
          predictions[offset + j] += 1e-3f * rows.size();
        }
        if (variance) {
          predictions[offset + elements + j] =
              predictVariance(x, row.timestep(), labels ? row.label() : 0);
        }
      }
      if (poisoned.test(row)) {
        predictions[offset + elements / 2] = Float.NaN;
      }
    }
    calls.add(seen);
  }

  /** The formula. */
  public static float predict(float x, double timestep, int label) {
    return x / 2 + (float) Math.sin(timestep) / 8 + label / 64f;
  }

  /** The formula of the variance half. */
  public static float predictVariance(float x, double timestep, int label) {
    return x / 4 - (float) Math.cos(timestep) / 8 - label / 32f;
  }

  @Override
  public void close() {
    closed = true;
  }
}
