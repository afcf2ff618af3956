package dev.ancestral.exporter;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConditionalMlpExportTest extends NetworkExportContract {
  @Override
  String family() {
    return "conditional_mlp";
  }

  @Override
  Map<String, Object> settings() {
    return Map.of("width", 128, "hidden_layers", 3);
  }

  @Override
  DataSpec data() {
    return new DataSpec(List.of(2L), -2, 2, 0);
  }

  @Override
  @Nullable Conditioning conditioning() {
    return null;
  }

  @Override
  int timesteps() {
    return 100;
  }

  @Override
  String deepWeight() {
    return "hidden.1.lin.weight";
  }

  @Test
  void withALearnedVarianceForEachNumber_of43012Parameters_isProvenEqual() {
    assertProvenInFullSize(43_012, Map.of("width", 128, "hidden_layers", 2), 2);
  }

  @Test
  void threeHiddenLayers_of72066Parameters_areProvenEqual() {
    assertProvenInFullSize(72_066, settings(), 1);
  }
}
