package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chain of a {@link FittedTable}: few calls, with factors that were fitted to this very
 * network, under the clipping that they were fitted under, of the last step's result too. Whatever
 * else would make another chain of it is refused, since nothing is known of how good that would be.
 */
final class FittedSampler extends Sampler {
  private static final String NAME = "fitted";

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Of a network that no more is known of there is no table, so no number is better than another.
   */
  @Override
  public int defaultSteps(int timesteps) {
    return 1;
  }

  /** The fewest that are proven at this weight, else the most that were fitted for it, if any. */
  @Override
  public int defaultSteps(DiffusionModel model, double guidance) {
    FittedTables tables = model.fitted();
    if (tables == null) {
      return defaultSteps(model.schedule().timesteps());
    }
    List<FittedTable> all = tables.tables();
    List<FittedTable> fitting = all.stream().filter(table -> table.covers(guidance)).toList();
    List<FittedTable> others = fitting.isEmpty() ? all : fitting;
    return tables.proven(guidance).orElse(others.get(others.size() - 1)).calls();
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    SamplerOptions steps = SamplerOptions.ofSteps(defaultSteps(model, 1));
    return model.fitted() == null ? steps : defaults(model, steps);
  }

  @Override
  SamplerOptions defaults(DiffusionModel model, SamplerOptions given) {
    return SamplerOptions.ofSteps(given.steps())
        .with(SamplerOption.FITTED_TABLE, table(tables(model), given.steps()).id());
  }

  @Override
  boolean takes(SamplerOption<?> option, DiffusionModel model) {
    return option == SamplerOption.FITTED_TABLE;
  }

  @Override
  Optional<String> lacks(DiffusionModel model) {
    return model.fitted() == null
        ? Optional.of("tables that were fitted to the network, as `ancestral fit` does")
        : Optional.empty();
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    FittedTables tables = tables(model);
    FittedTable table = table(tables, options.steps());
    requireFit(tables, table, options);
    List<FittedTable.Factors> factors = table.factors(options.guidanceWeight());
    List<Step> steps = new ArrayList<>(table.calls());
    NoiseLevel first = model.schedule().levelAt(table.timesteps().get(0));
    for (int i = 0; i < table.calls(); i++) {
      FittedTable.Factors factor = factors.get(i);
      steps.add(
          model
              .estimate(table.timesteps().get(i))
              .plusX0(factor.x0())
              .plusState(factor.x())
              .plusPast(new Past(factor.previous(), factor.earlier(), 0)));
    }
    return new ChainPlan(
        name(),
        model.initialScale(first),
        options.clipping(),
        steps,
        options.clipping() != Clipping.NONE);
  }

  private static FittedTables tables(DiffusionModel model) {
    FittedTables tables = model.fitted();
    if (tables == null) {
      throw new IllegalStateException("a sampler is asked for no more than its model has");
    }
    return tables;
  }

  private static FittedTable table(FittedTables tables, int steps) {
    return tables
        .table(steps)
        .orElseThrow(
            () ->
                new InvalidOptionException(
                    "steps",
                    "%d (expected: %s, of which there are fitted tables)"
                        .formatted(steps, tables.callsListed())));
  }

  private static void requireFit(FittedTables tables, FittedTable table, SamplerOptions options) {
    String asked = options.get(SamplerOption.FITTED_TABLE);
    if (!asked.equals(table.id())) {
      throw new InvalidOptionException(
          SamplerOption.FITTED_TABLE.name(),
          "%s (expected: %s, the network's table of %d calls now)"
              .formatted(asked, table.id(), table.calls()));
    }
    double guidance = options.guidanceWeight();
    if (!table.covers(guidance)) {
      throw new InvalidOptionException(
          "guidance_weight",
          "%s (expected: %s, which the table of %d calls was fitted for)"
              .formatted(guidance, table.guidanceRange(), table.calls()));
    }
    if (options.guidanceRescale() != 0) {
      throw new InvalidOptionException(
          "guidance_rescale",
          "%s (expected: 0, as the tables were fitted without)"
              .formatted(options.guidanceRescale()));
    }
    if (!options.clipping().equals(tables.clipping())) {
      throw new InvalidOptionException(
          "clip",
          "%s (expected: %s, as the tables were fitted)"
              .formatted(options.clipping().words(), tables.clipping().words()));
    }
  }
}
