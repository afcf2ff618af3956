package dev.ancestral.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClassNamesTest {
  /** Folders named 1 to 12. */
  private static final ClassNames NUMBERED =
      new ClassNames(12, IntStream.rangeClosed(1, 12).mapToObj(String::valueOf).toList());

  private static final ClassNames PETS = new ClassNames(2, List.of("cat", "Dog"));

  private static String refusal(ClassNames names, String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> names.find(text)).getMessage());
  }

  @Test
  void aClassIsFoundByItsName_whateverItsCase_orByItsIndex() {
    assertEquals(0, PETS.find("cat"));
    assertEquals(1, PETS.find("dog"));
    assertEquals(1, PETS.find("1"));
    assertEquals(1, PETS.find("index:1"));
    assertEquals(1, PETS.find("name:DOG"));
    assertEquals(2, new ClassNames(3, List.of()).find("2"));
  }

  @Test
  void aNumberThatIsOneClassesNameAndAnothersIndexIsRefused_andBothFormsAreTaken() {
    assertEquals(
        "2 (expected: name:2, which has the index 1, or index:2, whose name is 3)",
        refusal(NUMBERED, "2"));
    assertEquals(1, NUMBERED.find("name:2"));
    assertEquals(2, NUMBERED.find("index:2"));
  }

  @Test
  void aNumberThatIsOnlyOneOfTheTwoIsThat() {
    assertEquals(11, NUMBERED.find("12"), "no index");
    assertEquals(0, NUMBERED.find("0"), "no name");
    assertEquals(7, new ClassNames(10, digits()).find("7"), "the same by either");
  }

  private static List<String> digits() {
    return IntStream.range(0, 10).mapToObj(String::valueOf).toList();
  }

  @Test
  void whatIsNeitherIsAnsweredWithTheNearestAndSomeOfTheKnown() {
    assertEquals(
        "unknown name 'cta' (expected one of: cat, Dog; did you mean cat?)", refusal(PETS, "cta"));
    assertEquals("3 (expected: 0..2)", refusal(new ClassNames(3, List.of()), "3"));
    List<String> many = IntStream.range(0, 1000).mapToObj(i -> "class" + i).toList();
    String answer = refusal(new ClassNames(1000, many), "klass7");
    assertEquals(
        "unknown name 'klass7' (expected one of: %s and 980 more; did you mean class7?)"
            .formatted(String.join(", ", many.subList(0, 20))),
        answer);
  }

  @Test
  void aClassIsCalledByItsName_elseByItsIndex() {
    assertEquals("Dog", PETS.of(1));
    assertEquals("1", new ClassNames(2, List.of()).of(1));
  }
}
