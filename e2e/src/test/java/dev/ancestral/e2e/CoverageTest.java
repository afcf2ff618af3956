package dev.ancestral.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents claim is true: the classes exist, and the tests ran and passed. */
final class CoverageTest {
  /** A test as the document writes it: `SomeTest.someMethod`. */
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

  /** Any other class as the document writes it. */
  private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w+)`");

  private static List<String> rows(String document) throws IOException {
    return Files.readAllLines(Commands.ROOT.resolve("docs").resolve(document)).stream()
        .filter(line -> line.startsWith("|") && line.contains("`"))
        .toList();
  }

  private static List<Path> files(String directory, String ending) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module : List.of("diffusion", "trainer", "exporter", "server", "client", "e2e")) {
      Path below = Commands.ROOT.resolve(module).resolve(directory);
      if (Files.isDirectory(below)) {
        try (Stream<Path> files = Files.walk(below)) {
          files.filter(file -> file.toString().endsWith(ending)).forEach(found::add);
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"coverage.md", "field.md"})
  void everyClassOfTheDocumentExists(String document) throws IOException {
    Set<String> sources = new TreeSet<>();
    for (Path file : files("src", ".java")) {
      sources.add(file.getFileName().toString().replace(".java", ""));
    }
    Set<String> missing = new TreeSet<>();
    for (String row : rows(document)) {
      Matcher name = CLASS.matcher(row);
      while (name.find()) {
        if (!sources.contains(name.group(1))) {
          missing.add(name.group(1));
        }
      }
    }
    assertEquals(Set.of(), missing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"coverage.md", "field.md"})
  void everyTestOfTheDocumentRanAndPassed(String document) throws IOException {
    Set<String> passed = new TreeSet<>();
    for (Path report : files("target/surefire-reports", ".xml")) {
      passed.addAll(passed(report));
    }
    Set<String> missing = new TreeSet<>();
    for (String row : rows(document)) {
      Matcher test = TEST.matcher(row);
      assertTrue(test.find(), () -> "a row without a test: " + row);
      do {
        String name = test.group(1) + "." + test.group(2);
        if (!passed.contains(name)) {
          missing.add(name);
        }
      } while (test.find());
    }
    assertEquals(Set.of(), missing);
  }

  /** The tests of a report, as the document writes them; none if it is older than its class. */
  private static Set<String> passed(Path report) throws IOException {
    String text = Files.readString(report);
    Matcher suite = Pattern.compile("<testsuite [^>]*?\\bname=\"([\\w.$]+)\"").matcher(text);
    Set<String> passed = new TreeSet<>();
    if (!suite.find()) {
      return passed;
    }
    Path compiled =
        report
            .resolveSibling("../test-classes")
            .resolve(suite.group(1).replace('.', '/') + ".class")
            .normalize();
    if (!Files.exists(compiled)
        || Files.getLastModifiedTime(report).compareTo(Files.getLastModifiedTime(compiled)) < 0) {
      return passed;
    }
    // A self-closing element is a success; the others hold why not, or what was printed.
    Matcher cases =
        Pattern.compile(
                "<testcase name=\"(\\w+)[^\"]*\" classname=\"[\\w.]*?(\\w+)\"[^>]*?(/>|>(.*?)</testcase>)",
                Pattern.DOTALL)
            .matcher(text);
    Set<String> failed = new TreeSet<>();
    while (cases.find()) {
      String name = cases.group(2) + "." + cases.group(1);
      String inside = cases.group(4);
      if (inside != null && Pattern.compile("<(failure|error|skipped)\\b").matcher(inside).find()) {
        failed.add(name);
      }
      passed.add(name);
    }
    passed.removeAll(failed);
    return passed;
  }
}
