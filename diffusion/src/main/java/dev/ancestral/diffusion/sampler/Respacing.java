package dev.ancestral.diffusion.sampler;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A selection of timesteps in the notation of improved-diffusion (Nichol and Dhariwal 2021, section
 * 4): {@code "10,15,20"} divides the timesteps into three parts of equal length and takes ten
 * evenly from the first (the least noisy), fifteen from the second and twenty from the last; {@code
 * "ddim25"} takes 25 with a whole stride from 0.
 */
public final class Respacing implements TimestepSelection {
  private static final String STRIDED = "ddim";
  private static final Pattern NOTATION =
      Pattern.compile(STRIDED + "[0-9]{1,6}|[0-9]{1,6}(,[0-9]{1,6})*");

  /** What is longer is no selection that anybody meant; the pattern would recurse on it too. */
  private static final int MAX_LENGTH = 1000;

  private final String text;
  private final boolean strided;
  private final List<Integer> counts;

  private Respacing(String text) {
    this.text = text;
    this.strided = text.startsWith(STRIDED);
    String numbers = strided ? text.substring(STRIDED.length()) : text;
    this.counts = Arrays.stream(numbers.split(",", -1)).map(Integer::valueOf).toList();
  }

  /**
   * The respacing that a text writes down.
   *
   * @throws InvalidOptionException if it is no such text, or takes no timestep
   */
  public static Respacing of(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new InvalidOptionException(
          "respacing", "%d characters (expected: at most %d)".formatted(text.length(), MAX_LENGTH));
    }
    if (!isRespacing(text) || new Respacing(text).steps() < 1) {
      throw new InvalidOptionException(
          "respacing", "'%s' (expected: such as 10,15,20 or ddim25)".formatted(text));
    }
    return new Respacing(text);
  }

  /** Whether a text looks like one rather than like the name of a spacing. */
  static boolean isRespacing(String text) {
    return text.length() <= MAX_LENGTH && NOTATION.matcher(text).matches();
  }

  /** N, the number of timesteps that it takes. */
  public int steps() {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public int[] timesteps(int timesteps, int steps) {
    if (steps != steps()) {
      throw new InvalidOptionException(
          "steps", "%d (expected: %d, as respacing %s takes)".formatted(steps, steps(), text));
    }
    int[] rising = strided ? strided(timesteps) : sections(timesteps);
    int[] falling = new int[rising.length];
    for (int i = 0; i < falling.length; i++) {
      falling[i] = rising[rising.length - 1 - i];
    }
    return falling;
  }

  private int[] strided(int timesteps) {
    int steps = steps();
    for (int stride = 1; stride < timesteps; stride++) {
      if ((timesteps - 1) / stride + 1 == steps) {
        int[] taken = new int[steps];
        for (int i = 0; i < steps; i++) {
          taken[i] = i * stride;
        }
        return taken;
      }
    }
    throw cannotBe("no whole stride takes %d of %d timesteps".formatted(steps, timesteps));
  }

  private int[] sections(int timesteps) {
    for (int section = 0; section < counts.size(); section++) {
      int size = size(section, timesteps);
      if (counts.get(section) > size) {
        throw cannotBe(
            "its part %d has %d of the %d timesteps".formatted(section + 1, size, timesteps));
      }
    }
    int[] taken = new int[steps()];
    int filled = 0;
    int start = 0;
    for (int section = 0; section < counts.size(); section++) {
      int count = counts.get(section);
      int size = size(section, timesteps);
      double stride = count <= 1 ? 1 : (double) (size - 1) / (count - 1);
      // Summed rather than multiplied, since improved-diffusion rounds sums.
      double position = 0;
      for (int i = 0; i < count; i++) {
        taken[filled++] = start + (int) Math.rint(position);
        position += stride;
      }
      start += size;
    }
    return taken;
  }

  /** How many timesteps a section has; what does not divide goes to the first ones. */
  private int size(int section, int timesteps) {
    return timesteps / counts.size() + (section < timesteps % counts.size() ? 1 : 0);
  }

  private InvalidOptionException cannotBe(String why) {
    return new InvalidOptionException(
        "respacing", "%s (expected: one that divides, but %s)".formatted(text, why));
  }

  @Override
  public String label() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Respacing respacing && text.equals(respacing.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
