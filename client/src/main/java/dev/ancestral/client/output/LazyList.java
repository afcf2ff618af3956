package dev.ancestral.client.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;

/**
 * A list whose elements are read or drawn each time they are asked for, so that only one is in
 * memory.
 *
 * @param <E> the elements
 */
final class LazyList<E> extends AbstractList<E> {
  /** Makes an element. */
  @FunctionalInterface
  interface Source<E> {
    E get(int index) throws IOException;
  }

  private final int size;
  private final Source<E> source;

  LazyList(int size, Source<E> source) {
    this.size = size;
    this.source = source;
  }

  @Override
  public E get(int index) {
    try {
      return source.get(index);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int size() {
    return size;
  }
}
