package dev.ancestral.bench.process;

import java.util.List;

/**
 * A way to run the server.
 *
 * @param name what the report calls it
 * @param flags of {@code serve}, beyond those that all variants have
 */
public record Variant(String name, List<String> flags) {
  /** All of them: the first is what is measured, the others are what it is measured against. */
  public static final List<Variant> ALL =
      List.of(
          new Variant("step batching", List.of("--batching=step")),
          new Variant("request batching", List.of("--batching=request")));

  /** Copies. */
  public Variant {
    flags = List.copyOf(flags);
  }
}
