package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Every pair of the flags of {@code sample}, one of which is repeated. */
@Timeout(60)
class RepeatedFlagsTest {
  private final CommandLine line =
      new CommandLine(new SampleCommand()).setOverwrittenOptionsAllowed(true);

  private final List<OptionSpec> flags =
      line.getCommandSpec().options().stream()
          .filter(option -> !option.usageHelp() && !option.versionHelp())
          .toList();

  @Test
  void theLastOneWinsAndItsNeighbourStays_forEveryPair() {
    assertTrue(flags.size() > 30, "flags of the model: " + flags.size());
    for (OptionSpec repeated : flags) {
      for (OptionSpec neighbour : flags) {
        if (!repeated.equals(neighbour)) {
          List<String> arguments = new ArrayList<>(first(repeated));
          arguments.addAll(second(neighbour));
          arguments.addAll(second(repeated));
          Map<String, Object> expected = new LinkedHashMap<>();
          expected.put(repeated.longestName(), repeatedValue(repeated));
          expected.put(neighbour.longestName(), parse(second(neighbour)).get(name(neighbour)));
          assertEquals(expected, parse(arguments), String.join(" ", arguments));
        }
      }
    }
  }

  /** The second value; of a list, both. */
  private Object repeatedValue(OptionSpec flag) {
    Object last = Objects.requireNonNull(parse(second(flag)).get(name(flag)), name(flag));
    if (!(last instanceof List<?> added)) {
      return last;
    }
    List<Object> all =
        new ArrayList<>(
            (List<?>) Objects.requireNonNull(parse(first(flag)).get(name(flag)), name(flag)));
    all.addAll(added);
    return all;
  }

  /** The value of each given flag, by name; {@code --out}, which must be there, where it is not. */
  private Map<String, Object> parse(List<String> arguments) {
    boolean out = arguments.contains("--out");
    List<String> all = new ArrayList<>(arguments);
    if (!out) {
      all.addAll(List.of("--out", "directory"));
    }
    ParseResult parsed = line.parseArgs(all.toArray(String[]::new));
    Map<String, Object> values = new LinkedHashMap<>();
    for (OptionSpec flag : flags) {
      if (parsed.hasMatchedOption(flag) && (out || !name(flag).equals("--out"))) {
        values.put(name(flag), flag.getValue());
      }
    }
    return values;
  }

  private static String name(OptionSpec flag) {
    return flag.longestName();
  }

  private static List<String> first(OptionSpec flag) {
    if (flag.arity().max() == 0) {
      return List.of(flag.negatable() ? name(flag).replaceFirst("^--", "--no-") : name(flag));
    }
    return List.of(name(flag), words(flag).hasNext() ? words(flag).next() : "3");
  }

  private static List<String> second(OptionSpec flag) {
    if (flag.arity().max() == 0) {
      return List.of(name(flag));
    }
    Iterator<String> words = words(flag);
    if (words.hasNext()) {
      words.next();
      return List.of(name(flag), words.next());
    }
    return List.of(name(flag), "4");
  }

  private static Iterator<String> words(OptionSpec flag) {
    Iterable<String> candidates = flag.completionCandidates();
    return candidates == null ? List.<String>of().iterator() : candidates.iterator();
  }
}
