package dev.ancestral.bundle.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleException;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.signature.Declared.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which input of another's file is what; inputs are written as {@code name type dims}. */
class SignatureTest {
  private static final String STATE = "the state float32 [batch, 1, 8, 8]";
  private static final String TIMESTEP = "the timestep float32 or int64 [batch], [1] or []";
  private static final String LABELS = "the labels int64 [batch]";

  private final Path directory;

  SignatureTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Gray 8×8 pictures, of ten classes or of none. */
  private Bundle bundle(boolean classes) throws IOException {
    Files.createDirectories(directory.resolve("unet"));
    Files.createDirectories(directory.resolve("scheduler"));
    Files.writeString(directory.resolve("unet/model.onnx"), "not read here");
    Files.writeString(
        directory.resolve("unet/config.json"),
        "{\"in_channels\": 1, \"sample_size\": 8%s}"
            .formatted(classes ? ", \"num_class_embeds\": 10" : ""));
    Files.writeString(
        directory.resolve("scheduler/scheduler_config.json"),
        "{\"_class_name\": \"DDPMScheduler\"}");
    return BundleFormat.read(directory);
  }

  /** {@code x float32 b,1,8,8; t int64} and so on. */
  private static List<Declared> declared(String text) {
    return Arrays.stream(text.split("; ", -1))
        .map(
            one -> {
              String[] words = one.split(" ", -1);
              List<Dimension> shape =
                  words.length < 3
                      ? List.of()
                      : Arrays.stream(words[2].split(",", -1))
                          .map(
                              size ->
                                  Character.isDigit(size.charAt(0))
                                      ? Dimension.of(Long.parseLong(size))
                                      : Dimension.free(size))
                          .toList();
              return new Declared(words[0], words[1], shape);
            })
        .toList();
  }

  private Signature of(String inputs, String outputs, boolean classes) throws IOException {
    return Signature.of("model.onnx", declared(inputs), declared(outputs), bundle(classes));
  }

  @Test
  void ourOwnIsPlain() throws IOException {
    Signature own =
        of(
            "timestep float32 batch; class_labels int64 batch; sample float32 batch,1,8,8",
            "out_sample float32 batch,1,8,8",
            true);
    assertTrue(own.isPlain());
    assertFalse(own.takesOneRow());
    assertTrue(own.adapted(bundle(true)).continuousTimesteps());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x float32 b,1,8,8; t float32 b | 'input x is taken for sample; input t is taken for timestep'
          sample float32 b,1,8,8; timestep int64 b | 'takes whole timesteps, int64 [b]'
          sample float32 b,1,8,8; timestep float32 | takes one timestep a call, so rows do not share calls
          sample float32 b,1,8,8; timestep float32 1 | takes one timestep a call, so rows do not share calls
          sample float32 1,1,8,8; timestep float32 b | takes one row a call, so rows do not share calls
          t int64; input.1 float32 b,1,?,? | 'input input.1 is taken for sample; input t is taken for timestep; takes whole timesteps, int64 []; takes one timestep a call, so rows do not share calls'
          """)
  void theUsualExports_areUnderstood(String inputs, String words) throws IOException {
    Signature signature = of(inputs, "out_sample float32 b,1,8,8", false);
    assertEquals(words, String.join("; ", signature.words()));
    assertEquals(!inputs.contains("int64"), signature.adapted(bundle(false)).continuousTimesteps());
    assertEquals(words.contains("do not share"), signature.takesOneRow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x float32 b,1,8,8; foo int64 b; t int64 b          | t   | foo
          x float32 b,1,8,8; foo int64 b; y int64 b          | foo | y
          x float32 b,1,8,8; foo int64 b; bar int64          | bar | foo
          x float32 b,1,8,8; foo int64 b; bar float32 b      | bar | foo
          """)
  void timestepAndLabels_areToldByName_orByTypeAndShape(
      String inputs, String timestep, String labels) throws IOException {
    Signature signature = of(inputs, "o float32 b,1,8,8", true);
    assertEquals(timestep, signature.timestep().name());
    assertEquals(
        List.of(
            "input x is taken for sample",
            "input %s is taken for timestep".formatted(timestep),
            "input %s is taken for class_labels".formatted(labels),
            "output o is taken for out_sample"),
        signature.words().subList(0, 4));
  }

  @Test
  void ofSeveralOutputs_theOneWithAKnownNameCounts() throws IOException {
    Signature signature =
        of(
            "sample float32 b,1,8,8; timestep float32 b",
            "hidden float32 b,1,8,8; noise_pred float32 b,1,8,8",
            false);
    assertEquals("noise_pred", signature.output().name());
  }

  private void assertRefused(String inputs, String outputs, boolean classes, String message)
      throws IOException {
    Bundle bundle = bundle(classes);
    assertEquals(
        "model.onnx: " + message,
        assertThrows(
                BundleException.class,
                () -> Signature.of("model.onnx", declared(inputs), declared(outputs), bundle))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sample float32 b,1,8,8; timestep float64 b                     | a type that is not taken
          sample float32 b,1,8,8; timestep int64 b,1                     | rank 2
          sample float32 b,1,8,8; timestep int64 2                       | two of them, always
          sample float16 b,1,8,8; timestep float32 b                     | half precision
          sample float32 4,1,8,8; timestep float32 b                     | a batch fixed at 4
          sample float32 b,3,8,8; timestep float32 b                     | another shape
          sample float32 b,1,8,8                                         | no timestep
          sample float32 b,1,8,8; timestep int64 b; mask float32 b,1,8,8 | one too many
          sample float32 b,1,8,8; y int64 b                              | by its name no timestep
          """)
  void whatIsOfAnotherKind_isRefused_withWhatIsExpected(String inputs, String why)
      throws IOException {
    String listed = String.join("; ", declared(inputs).stream().map(Declared::toString).toList());
    assertRefused(
        inputs,
        "out_sample float32 b,1,8,8",
        false,
        "inputs: %s (expected: %s; %s)".formatted(listed, STATE, TIMESTEP));
  }

  @Test
  void twoThatCouldBeEither_areRefused() throws IOException {
    assertRefused(
        "x float32 b,1,8,8; foo int64 b; bar int64 b",
        "out_sample float32 b,1,8,8",
        true,
        "inputs: x float32 [b, 1, 8, 8]; foo int64 [b]; bar int64 [b]: their names do not tell which is which (expected: %s; %s; %s; called timestep and class_labels, or t and y)"
            .formatted(STATE, TIMESTEP, LABELS));
  }

  @Test
  void outputsThatDoNotFit_areRefused() throws IOException {
    String inputs = "sample float32 b,1,8,8; timestep float32 b";
    String expected =
        "(expected: the prediction float32 [batch, 1, 8, 8], since variance_type is fixed_small";
    assertRefused(
        inputs,
        "a float32 b,1,8,8; b float32 b,1,8,8",
        false,
        "outputs: a float32 [b, 1, 8, 8]; b float32 [b, 1, 8, 8] "
            + expected
            + "; the only one, or one that is called out_sample)");
    assertRefused(
        inputs, "a float32 b,2,8,8", false, "outputs: a float32 [b, 2, 8, 8] " + expected + ")");
  }
}
