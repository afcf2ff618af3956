package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KarrasTest {
  @ParameterizedTest
  @ValueSource(ints = {5, 10, 18})
  void levels_equalTheGoldenOnes(int count) throws Exception {
    JsonArray golden;
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(getClass().getResourceAsStream("golden_karras.json")),
            StandardCharsets.UTF_8)) {
      golden =
          new Gson().fromJson(reader, JsonObject.class).getAsJsonArray(Integer.toString(count));
    }
    double[] sigmas = Karras.sigmas(0.002, 80, count);
    // The golden lists end in the data, σ = 0, where no step starts.
    assertEquals(count + 1, golden.size());
    for (int i = 0; i < count; i++) {
      double expected = golden.get(i).getAsDouble();
      assertEquals(expected, sigmas[i], 1e-12 * expected, "level " + i);
    }
  }

  @Test
  void timestepsBetweenTheTrainedOnes_areInterpolatedInTheLogarithmOfSigma() {
    List<Visit> visits =
        Karras.visits(
            DiffusionModel.of(SamplerContract.LINEAR, PredictionType.EPSILON),
            10,
            NoiseLevel.CLEAN,
            false);
    assertArrayEquals(
        new double[] {
          999,
          936.9218887360332,
          863.8290442433714,
          775.13315450661,
          662.6368630544349,
          510.70346211984446,
          300.98479150007955,
          102.16137423640704,
          18.308004650406552,
          0
        },
        visits.stream().mapToDouble(Visit::timestep).toArray(),
        1e-9);
  }

  @Test
  void oneLevelAlone_isTheNoisiest() {
    assertArrayEquals(new double[] {80}, Karras.sigmas(0.002, 80, 1), 1e-12);
  }
}
