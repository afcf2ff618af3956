package dev.ancestral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CliTest {
  private String err = "";

  @Test
  void aCommandThatDoesItsWorkIsCodeZeroAndSilent() {
    assertEquals(Cli.DONE, run("perform", "--outcome", "well"));
    assertEquals("", err);
  }

  @Test
  void aUsersErrorIsCodeOneAndOneLine() {
    assertEquals(Cli.FAILED, run("perform", "--outcome", "user"));
    assertEquals("error: steps: 0 (expected: 1..1000)", err);
  }

  @Test
  void aWrongArgumentIsCodeOneAndOneLineToo() {
    assertEquals(Cli.FAILED, run("perform", "--outcome", "argument"));
    assertEquals("error: eta: 2 (expected: 0..1)", err);
  }

  @Test
  void anythingElseNamesItsKindAndTheWayToSeeMore() {
    assertEquals(Cli.FAILED, run("perform", "--outcome", "io"));
    assertEquals("error: IOException: no space left\n(--stacktrace shows where)", err);
  }

  @Test
  void aMessageOfManyLinesBecomesOne() {
    assertEquals(Cli.FAILED, run("perform", "--outcome", "lines"));
    assertEquals("error: first second", err);
  }

  @Test
  void anErrorWithoutWordsIsNamedByItsKind() {
    assertEquals(Cli.FAILED, run("perform", "--outcome", "mute"));
    assertTrue(err.startsWith("error: IllegalStateException\n"), err);
  }

  @Test
  void theStackTraceIsShownOnRequest_beforeOrAfterTheCommand() {
    assertEquals(Cli.FAILED, run("perform", "--outcome", "user", "--stacktrace"));
    assertTrue(err.startsWith("error: steps: 0 (expected: 1..1000)\n"), err);
    assertTrue(err.contains("\tat " + CliTest.class.getName()), err);
    assertEquals(Cli.FAILED, run("--stacktrace", "perform", "--outcome", "user"));
    assertTrue(err.contains("\tat " + CliTest.class.getName()), err);
  }

  @Test
  void anUnknownFlagIsCodeTwoAndNamesTheNearestKnownOne() {
    assertEquals(Cli.USAGE, run("perform", "--outcmoe", "well"));
    assertEquals(
        "error: unknown option '--outcmoe'; did you mean --outcome?\nsee: tool perform --help",
        err);
    assertEquals(Cli.USAGE, run("perform", "--outcome", "well", "--stacktrac=x"));
    assertEquals(
        "error: unknown option '--stacktrac'; did you mean --stacktrace?\nsee: tool perform --help",
        err);
    assertEquals(Cli.USAGE, run("perform", "--outcome", "well", "--zzz"));
    assertEquals("error: unknown option '--zzz'\nsee: tool perform --help", err);
  }

  @Test
  void anUnknownCommandOrArgumentIsCodeTwoToo() {
    assertEquals(Cli.USAGE, run("preform"));
    assertEquals("error: unknown command 'preform'; did you mean perform?\nsee: tool --help", err);
    assertEquals(Cli.USAGE, run("perform", "--outcome", "well", "twice"));
    assertEquals("error: unknown argument 'twice'\nsee: tool perform --help", err);
  }

  @Test
  void aMissingFlagAndAWrongTypeAreCodeTwo() {
    assertEquals(Cli.USAGE, run("perform"));
    assertEquals(
        "error: Missing required option: '--outcome=<outcome>'\nsee: tool perform --help", err);
    assertEquals(Cli.USAGE, run("perform", "--outcome", "badly"));
    assertTrue(err.startsWith("error: Invalid value for option '--outcome'"), err);
  }

  @Test
  void ofAnOptionThatIsGivenTwiceTheLastOneWins() {
    assertEquals(Cli.DONE, run("perform", "--outcome", "user", "--outcome", "well"));
  }

  @Test
  void helpAndVersionAreCodeZero() {
    assertEquals(Cli.DONE, run("perform", "--help"));
    assertEquals(Cli.DONE, run("perform", "--version"));
    assertEquals(Cli.DONE, run("--version"));
  }

  private int run(String... args) {
    PrintStream real = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      return Cli.run(new Tool(), args);
    } finally {
      System.setErr(real);
      err = bytes.toString(StandardCharsets.UTF_8).strip().replace("\r\n", "\n");
    }
  }

  enum Outcome {
    WELL,
    USER,
    ARGUMENT,
    IO,
    LINES,
    MUTE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Command(name = "tool", mixinStandardHelpOptions = true)
  static final class Tool {
    @Command(name = "perform", mixinStandardHelpOptions = true)
    int perform(@Option(names = "--outcome", required = true) Outcome outcome) throws IOException {
      return switch (outcome) {
        case WELL -> 0;
        case USER -> throw new UserError("steps: 0 (expected: 1..1000)");
        case ARGUMENT -> throw new IllegalArgumentException("eta: 2 (expected: 0..1)");
        case IO -> throw new IOException("no space left");
        case LINES -> throw new UserError("first\n   second");
        case MUTE -> throw new IllegalStateException();
      };
    }
  }
}
