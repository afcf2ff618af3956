package dev.ancestral.trainer.data;

/** What was made of each of some files, by their number. For any thread. */
interface Results<T> {
  /** Whether there is one. */
  boolean has(int index);

  /** Adds one that there was not. */
  void put(int index, T value);

  /** One that there is. */
  T get(int index);
}
