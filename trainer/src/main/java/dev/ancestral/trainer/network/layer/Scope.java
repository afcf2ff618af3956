package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.function.Consumer;

/**
 * Where in a network a layer is: the prefix of its tensors' names, and the collector of its
 * parameters.
 *
 * <p>Initial values are a function of the seed and the tensor's full name, so they do not change
 * when a layer is added elsewhere.
 */
public final class Scope {
  private final Consumer<Parameter> collector;
  private final long seed;
  private final String prefix;

  private Scope(Consumer<Parameter> collector, long seed, String prefix) {
    this.collector = collector;
    this.seed = seed;
    this.prefix = prefix;
  }

  /**
   * The scope of a whole network.
   *
   * @param collector receives each parameter as it is made, its full name set
   */
  public static Scope root(Consumer<Parameter> collector, long seed) {
    return new Scope(collector, seed, "");
  }

  /** The scope of a part. */
  public Scope at(String part) {
    return new Scope(collector, seed, prefix + part + ".");
  }

  /** The scope of one part among several of a kind. */
  public Scope at(String parts, int index) {
    return at(parts + "." + index);
  }

  /** A parameter whose initial values are uniform in [-bound, bound]. */
  Parameter uniform(String name, Shape shape, double bound) {
    return uniform(name, shape, -bound, bound);
  }

  /** A parameter whose initial values are uniform in [min, max). */
  Parameter uniform(String name, Shape shape, double min, double max) {
    return add(name, shape, new PhiloxInitializer.Uniform(seed, prefix + name, min, max));
  }

  /** A parameter whose initial values are standard normal. */
  Parameter normal(String name, Shape shape) {
    return add(name, shape, new PhiloxInitializer.Normal(seed, prefix + name));
  }

  /** A parameter whose initial values are all the same. */
  Parameter constant(String name, Shape shape, float value) {
    return add(name, shape, new PhiloxInitializer.Constant(value));
  }

  private Parameter add(String name, Shape shape, PhiloxInitializer initializer) {
    Parameter parameter =
        Parameter.builder()
            .setName(prefix + name)
            .setType(Parameter.Type.OTHER)
            .optShape(shape)
            .optInitializer(initializer)
            .build();
    collector.accept(parameter);
    return parameter;
  }
}
