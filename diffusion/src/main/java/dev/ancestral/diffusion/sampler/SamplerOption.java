package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A setting that some samplers take, with its type and its bounds. Which ones a sampler takes, and
 * what each is when nobody says, {@link Sampler#defaults} tells.
 *
 * @param <T> of its values
 */
public final class SamplerOption<T> {
  /** Which timesteps are visited. */
  public static final SamplerOption<TimestepSelection> SPACING =
      new SamplerOption<>(
          "spacing",
          TimestepSelection.class,
          "%s, or a respacing such as 10,15,20"
              .formatted(String.join(", ", TimestepSpacing.labels())),
          value -> true,
          value -> TimestepSelection.of(String.valueOf(value)));

  /** The timesteps themselves, in place of a spacing. */
  public static final SamplerOption<GivenTimesteps> TIMESTEPS =
      new SamplerOption<>(
          "timesteps",
          GivenTimesteps.class,
          "a list of falling numbers, each at least 0",
          value -> true,
          GivenTimesteps::read);

  /** How much later than the spacing's each visited timestep is; leading spacing alone takes it. */
  public static final SamplerOption<Integer> STEPS_OFFSET =
      integer("steps_offset", "at least 0", offset -> offset >= 0);

  /**
   * Whether timesteps are rounded to whole ones; linspace spacing alone takes false, and visits
   * levels of noise between the trained ones.
   */
  public static final SamplerOption<Boolean> ROUND_TIMESTEPS = flag("round_timesteps");

  /** Variance of an ancestral step's noise. */
  public static final SamplerOption<Variance> VARIANCE =
      new SamplerOption<>(
          "variance",
          Variance.class,
          String.join(", ", Variance.labels()),
          value -> true,
          value -> Variance.of(String.valueOf(value)));

  /** DDIM's η: 0 draws no noise, 1 has the variance of ancestral sampling. */
  public static final SamplerOption<Double> ETA =
      number("eta", "0..1", eta -> eta >= 0 && eta <= 1);

  /**
   * Whether ε is derived again from the clipped x0 (OpenAI) or the network's is kept (diffusers).
   */
  public static final SamplerOption<Boolean> REDERIVE_EPSILON = flag("rederive_epsilon");

  /**
   * Whether each step arrives ⌊T/N⌋ timesteps lower, as DDIM of diffusers does whatever the
   * spacing, rather than at the next visited timestep.
   */
  public static final SamplerOption<Boolean> BY_STRIDE = flag("by_stride");

  /** Where the last step ends. */
  public static final SamplerOption<FinalLevel> FINAL_LEVEL =
      choice("final_level", FinalLevel.class);

  /** Whether the levels of noise are those of Karras et al. 2022, eq. 5, with ρ = 7. */
  public static final SamplerOption<Boolean> KARRAS = flag("karras");

  /** Whether solvers take their last steps at lower orders: of first order the very last one. */
  public static final SamplerOption<Boolean> LOWER_ORDER_FINAL = flag("lower_order_final");

  /** Order of a solver's steps, up to its own; 1 is DDIM on the solver's timesteps. */
  public static final SamplerOption<Integer> SOLVER_ORDER =
      integer("solver_order", "1..4", order -> order >= 1 && order <= 4);

  /** UniPC's B(h). */
  public static final SamplerOption<SolverType> SOLVER_TYPE =
      choice("solver_type", SolverType.class);

  /** Standard deviation of x_T where variance is preserved. */
  public static final SamplerOption<InitialScale> INITIAL_SCALE =
      choice("initial_scale", InitialScale.class);

  /** How FastDPM fits a short chain to the trained one. */
  public static final SamplerOption<FastDpmApproximation> APPROXIMATION =
      choice("approximation", FastDpmApproximation.class);

  /** How the timesteps, or the variances, of FastDPM's short chain grow. */
  public static final SamplerOption<FastDpmGrowth> GROWTH = choice("growth", FastDpmGrowth.class);

  /** FastDPM's κ: from 0, no noise, to 1, that of ancestral sampling. */
  public static final SamplerOption<Double> KAPPA =
      number("kappa", "0..1", kappa -> kappa >= 0 && kappa <= 1);

  /** Langevin's ε, the squared scale of a step. */
  public static final SamplerOption<Double> STEP_SIZE =
      number("step_size", "above 0", size -> size > 0 && Double.isFinite(size));

  /** What Langevin's ε is multiplied by after each step at a level of noise. */
  public static final SamplerOption<Double> DECAY =
      number("decay", "above 0, at most 1", decay -> decay > 0 && decay <= 1);

  /** Langevin's temperature: the factor of its noise. */
  public static final SamplerOption<Double> TEMPERATURE =
      number(
          "temperature",
          "at least 0",
          temperature -> temperature >= 0 && Double.isFinite(temperature));

  /** Which table a fitted sampler has, so that another one is not taken for it. */
  public static final SamplerOption<String> FITTED_TABLE =
      new SamplerOption<>(
          "fitted_table",
          String.class,
          "16 hexadecimal digits",
          id -> id.matches("[0-9a-f]{16}"),
          String::valueOf);

  private static final List<SamplerOption<?>> ALL =
      List.of(
          SPACING,
          TIMESTEPS,
          STEPS_OFFSET,
          ROUND_TIMESTEPS,
          VARIANCE,
          ETA,
          REDERIVE_EPSILON,
          BY_STRIDE,
          FINAL_LEVEL,
          KARRAS,
          LOWER_ORDER_FINAL,
          SOLVER_ORDER,
          SOLVER_TYPE,
          INITIAL_SCALE,
          APPROXIMATION,
          GROWTH,
          KAPPA,
          STEP_SIZE,
          DECAY,
          TEMPERATURE,
          FITTED_TABLE);

  /** What says more of a spacing, or stands in place of one. */
  static final List<SamplerOption<?>> OF_A_SPACING =
      List.of(STEPS_OFFSET, ROUND_TIMESTEPS, KARRAS, BY_STRIDE);

  private final String name;
  private final Class<T> type;
  private final String expectation;
  private final Predicate<T> fits;
  private final Function<Object, @Nullable T> reader;

  private SamplerOption(
      String name,
      Class<T> type,
      String expectation,
      Predicate<T> fits,
      Function<Object, @Nullable T> reader) {
    this.name = name;
    this.type = type;
    this.expectation = expectation;
    this.fits = fits;
    this.reader = reader;
  }

  private static SamplerOption<Double> number(
      String name, String expectation, Predicate<Double> fits) {
    return new SamplerOption<>(
        name,
        Double.class,
        expectation,
        fits,
        value -> value instanceof Number number ? number.doubleValue() : toNumber(value));
  }

  private static SamplerOption<Integer> integer(
      String name, String expectation, Predicate<Integer> fits) {
    return new SamplerOption<>(
        name, Integer.class, expectation + ", a whole number", fits, SamplerOption::toInteger);
  }

  private static @Nullable Integer toInteger(Object value) {
    Double number = value instanceof Number given ? (Double) given.doubleValue() : toNumber(value);
    return number == null || number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE
        ? null
        : Integer.valueOf(number.intValue());
  }

  /** YAML 1.1 takes 1e-3 for a text, since it has no point. */
  private static @Nullable Double toNumber(Object value) {
    try {
      return Double.valueOf(value.toString());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static SamplerOption<Boolean> flag(String name) {
    return new SamplerOption<>(
        name,
        Boolean.class,
        "true or false",
        value -> true,
        value -> value instanceof Boolean flag ? flag : null);
  }

  private static <E extends Enum<E>> SamplerOption<E> choice(String name, Class<E> type) {
    List<String> labels = Arrays.stream(type.getEnumConstants()).map(SamplerOption::label).toList();
    return new SamplerOption<>(
        name,
        type,
        String.join(", ", labels),
        value -> true,
        value -> {
          int index = labels.indexOf(String.valueOf(value));
          if (index < 0) {
            throw Names.unknown(name, String.valueOf(value), labels);
          }
          return type.getEnumConstants()[index];
        });
  }

  private static String label(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /** All options of all samplers. */
  public static List<SamplerOption<?>> all() {
    return ALL;
  }

  /** Its name, in requests and configurations. */
  public String name() {
    return name;
  }

  /** What its values are, in words, such as {@code 0..1}. */
  public String expectation() {
    return expectation;
  }

  /**
   * A value as configurations write it: a number, true or false, or a name.
   *
   * @throws IllegalArgumentException naming the option, the value and the expectation
   */
  T read(Object value) {
    T read = type.isInstance(value) ? type.cast(value) : reader.apply(value);
    return check(read, value);
  }

  /** A value as configurations write it; {@link #read} reads it back. */
  static Object write(Object value) {
    if (value instanceof TimestepSelection selection) {
      return selection.label();
    }
    if (value instanceof GivenTimesteps timesteps) {
      return timesteps.list();
    }
    return value instanceof Enum<?> choice ? label(choice) : value;
  }

  T check(@Nullable T read, Object value) {
    if (read == null || !fits.test(read)) {
      throw new InvalidOptionException(name, "%s (expected: %s)".formatted(value, expectation));
    }
    return read;
  }

  T cast(Object value) {
    return type.cast(value);
  }

  @Override
  public String toString() {
    return name;
  }
}
