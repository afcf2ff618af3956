package dev.ancestral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "steps: 0 (expected: 1..1000)",
        "C:\\models\\digits",
        "größe, 数字, 😀",
        "می\u200cخواهم, 👨\u200d👩\u200d👧",
        ""
      })
  void whatPeopleWriteStaysAsItIs(String text) {
    assertEquals(text, Printable.line(text));
  }

  @Test
  void aLineBreakOfAnyKindIsWrittenOut() {
    assertEquals("a\\nREADY grpc=evil", Printable.line("a\nREADY grpc=evil"));
    assertEquals(
        "\\r\\n\\u000b\\u000c\\u0085\\u2028\\u2029",
        Printable.line("\r\n\u000b\u000c\u0085\u2028\u2029"));
  }

  @Test
  void nothingReachesTheTerminalThatItObeys() {
    assertEquals(
        "\\u001b[2J\\u009b31m\\u0007\\u0000\\t\\u007f",
        Printable.line("\u001b[2J\u009b31m\u0007\0\t\u007f"));
  }

  @Test
  void nothingTurnsTheReadingDirectionOrHides() {
    assertEquals(
        "\\u202egnp.exe\\u202c\\u2066\\ufeff\\u200f",
        Printable.line("\u202egnp.exe\u202c\u2066\ufeff\u200f"));
    assertEquals("\\udb40\\udc41", Printable.line("\udb40\udc41"));
    assertEquals("half a pair \\ud83d", Printable.line("half a pair \ud83d"));
  }

  @Test
  void aLongLineIsCut_neverInTheMiddleOfAnEscape() {
    assertEquals("abcde", Printable.line("abcde", 5));
    assertEquals("abcd…", Printable.line("abcdef", 5));
    assertEquals("abc…", Printable.line("abc\u001bd", 5));
    assertEquals("abc…", Printable.line("abc😀d", 5));
    assertEquals(Printable.LONGEST, Printable.line("x".repeat(100_000)).length());
  }

  @Test
  void whateverComes_oneLineLeaves() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        text.appendCodePoint(random.nextInt(random.nextBoolean() ? 0x100 : 0x11_0000));
      }
      String line = Printable.line(text.toString(), 50);
      assertTrue(line.length() <= 50, "seed " + seed);
      assertTrue(line.lines().count() <= 1, "seed " + seed);
      assertTrue(line.chars().noneMatch(Character::isISOControl), "seed " + seed);
      assertEquals(line, Printable.line(line, 50), "seed " + seed);
    }
  }

  @Test
  void ofAFailureNoLineBeginsWithWhatItSays() {
    Exception e =
        new IllegalStateException("a\nREADY grpc=evil", new RuntimeException("b\n\u001b[2J"));
    String trace = Printable.stackTrace(e);
    assertTrue(trace.contains("a\\nREADY grpc=evil\n\tat "), trace);
    assertTrue(trace.contains("\nCaused by: java.lang.RuntimeException: b\\n\\u001b[2J\n"), trace);
    for (String line : trace.lines().skip(1).toList()) {
      assertTrue(line.startsWith("\tat ") || line.startsWith("Caused by: "), line);
    }
  }
}
