package dev.ancestral.trainer.data;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Results as objects. */
final class HeapResults<T> implements Results<T> {
  private final AtomicReferenceArray<@Nullable T> values;

  HeapResults(int size) {
    this.values = new AtomicReferenceArray<>(size);
  }

  @Override
  public boolean has(int index) {
    return values.get(index) != null;
  }

  @Override
  public void put(int index, T value) {
    values.set(index, value);
  }

  @Override
  public T get(int index) {
    T value = values.get(index);
    if (value == null) {
      throw new IllegalStateException("no result " + index);
    }
    return value;
  }
}
