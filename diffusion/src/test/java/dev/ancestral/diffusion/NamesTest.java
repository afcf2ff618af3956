package dev.ancestral.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NamesTest {
  private static final List<String> KNOWN = List.of("ddpm", "ddim");

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes_andTheNearest() {
    assertEquals(
        "sampler: unknown name 'ddmm' (expected one of: ddpm, ddim; did you mean ddpm?)",
        Names.unknown("sampler", "ddmm", KNOWN).getMessage());
    assertEquals("unknown name 'heun' (expected one of: ddpm, ddim)", Names.problem("heun", KNOWN));
  }

  @Test
  void aNameThatIsFarFromAllHasNoNearest() {
    assertEquals(Optional.of("ddim"), Names.nearest("dim", KNOWN));
    assertEquals(Optional.empty(), Names.nearest("im", KNOWN));
    assertEquals(Optional.of("cat"), Names.nearest("cta", List.of("dog", "cat")));
  }

  @Test
  void caseIsNoDifference_unlessTwoNamesHaveNoOther() {
    assertEquals(Optional.of("ddim"), Names.find("DDIM", KNOWN));
    assertEquals(Optional.of("Cat"), Names.find("Cat", List.of("cat", "Cat")));
    assertEquals(Optional.empty(), Names.find("CAT", List.of("cat", "Cat")));
    assertEquals(Optional.of("ddim"), Names.nearest("DDIN", KNOWN));
  }

  @Test
  void aNameBeyondReasonIsShownByItsBeginning() {
    String name = "d".repeat(10_000_000);
    assertEquals(
        "unknown name '" + "d".repeat(80) + "...' (expected one of: ddpm, ddim)",
        Names.problem(name, KNOWN));
  }
}
