package dev.ancestral.trainer.network.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class AttentionsTest extends LayerFixture {
  @Test
  void attentionOfEveryHeadIsTheFormula() {
    int channels = 4;
    int headSize = 2;
    int pixels = 6;
    SelfAttention attention = new SelfAttention(root, channels, headSize, 1, 1e-5);
    initialize();
    NDArray x = noise(new Shape(1, channels, 2, 3));
    double[][] tokens = normalised(x.toFloatArray(), channels, pixels);
    double[][] q = linear(tokens, "to_q");
    double[][] k = linear(tokens, "to_k");
    double[][] v = linear(tokens, "to_v");
    double[][] mixed = new double[pixels][channels];
    for (int head = 0; head < channels / headSize; head++) {
      for (int i = 0; i < pixels; i++) {
        double[] weights = new double[pixels];
        double sum = 0;
        for (int j = 0; j < pixels; j++) {
          double score = 0;
          for (int c = head * headSize; c < (head + 1) * headSize; c++) {
            score += q[i][c] * k[j][c];
          }
          weights[j] = Math.exp(score / Math.sqrt(headSize));
          sum += weights[j];
        }
        for (int j = 0; j < pixels; j++) {
          for (int c = head * headSize; c < (head + 1) * headSize; c++) {
            mixed[i][c] += weights[j] / sum * v[j][c];
          }
        }
      }
    }
    double[][] out = linear(mixed, "to_out.0");
    float[] in = x.toFloatArray();
    float[] actual = attention.apply(pass, x).toFloatArray();
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < pixels; i++) {
        assertEquals(in[c * pixels + i] + out[i][c], actual[c * pixels + i], 1e-5);
      }
    }
  }

  /** One group over everything, as [pixel][channel]. */
  private static double[][] normalised(float[] x, int channels, int pixels) {
    double mean = 0;
    double square = 0;
    for (float value : x) {
      mean += (double) value / x.length;
      square += (double) value * value / x.length;
    }
    double[][] tokens = new double[pixels][channels];
    for (int i = 0; i < x.length; i++) {
      tokens[i % pixels][i / pixels] = (x[i] - mean) / Math.sqrt(square - mean * mean + 1e-5);
    }
    return tokens;
  }

  private double[][] linear(double[][] rows, String name) {
    float[] weight = values(name + ".weight");
    float[] bias = values(name + ".bias");
    int in = weight.length / bias.length;
    double[][] out = new double[rows.length][bias.length];
    for (int r = 0; r < rows.length; r++) {
      for (int o = 0; o < bias.length; o++) {
        out[r][o] = bias[o];
        for (int i = 0; i < in; i++) {
          out[r][o] += weight[o * in + i] * rows[r][i];
        }
      }
    }
    return out;
  }

  @Test
  void fullAttentionIsTheFormula() {
    int channels = 3;
    int heads = 2;
    int size = 2;
    int pixels = 6;
    FullAttention attention = new FullAttention(root, channels, heads, size);
    initialize();
    NDArray x = noise(new Shape(1, channels, 2, 3));
    double[][] projected = projected(x.toFloatArray(), channels, pixels);
    float[] memory = values("mem_kv");
    int slots = HeadProjections.MEMORIES;
    double[][] mixed = new double[heads * size][pixels];
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < pixels; i++) {
        double[] weights = new double[slots + pixels];
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
          double score = 0;
          for (int c = 0; c < size; c++) {
            int channel = head * size + c;
            double key =
                j < slots
                    ? memory[(head * slots + j) * size + c]
                    : projected[heads * size + channel][j - slots];
            score += projected[channel][i] * key;
          }
          weights[j] = Math.exp(score / Math.sqrt(size));
          sum += weights[j];
        }
        for (int j = 0; j < weights.length; j++) {
          for (int c = 0; c < size; c++) {
            int channel = head * size + c;
            double value =
                j < slots
                    ? memory[((heads + head) * slots + j) * size + c]
                    : projected[2 * heads * size + channel][j - slots];
            mixed[channel][i] += weights[j] / sum * value;
          }
        }
      }
    }
    double[][] out = pointwise(mixed, "to_out");
    float[] actual = attention.apply(pass, x).toFloatArray();
    for (int i = 0; i < actual.length; i++) {
      assertEquals(out[i / pixels][i % pixels], actual[i], 1e-5, "at " + i);
    }
  }

  @Test
  void linearAttentionIsTheFormula() {
    int channels = 3;
    int heads = 2;
    int size = 2;
    int pixels = 6;
    LinearAttention attention = new LinearAttention(root, channels, heads, size);
    initialize();
    NDArray x = noise(new Shape(1, channels, 2, 3));
    double[][] projected = projected(x.toFloatArray(), channels, pixels);
    float[] memory = values("mem_kv");
    int slots = HeadProjections.MEMORIES;
    double[][] mixed = new double[heads * size][pixels];
    for (int head = 0; head < heads; head++) {
      for (int d = 0; d < size; d++) {
        int key = head * size + d;
        double[] weights = new double[slots + pixels];
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
          weights[j] =
              Math.exp(
                  j < slots ? memory[key * slots + j] : projected[heads * size + key][j - slots]);
          sum += weights[j];
        }
        for (int e = 0; e < size; e++) {
          int value = head * size + e;
          double summary = 0;
          for (int j = 0; j < weights.length; j++) {
            summary +=
                weights[j]
                    / sum
                    * (j < slots
                        ? memory[(heads * size + value) * slots + j]
                        : projected[2 * heads * size + value][j - slots]);
          }
          for (int i = 0; i < pixels; i++) {
            double total = 0;
            for (int c = head * size; c < (head + 1) * size; c++) {
              total += Math.exp(projected[c][i]);
            }
            mixed[value][i] += summary * Math.exp(projected[key][i]) / total / Math.sqrt(size);
          }
        }
      }
    }
    double[][] out = rootMeanSquare(pointwise(mixed, "to_out.0"));
    float[] actual = attention.apply(pass, x).toFloatArray();
    for (int i = 0; i < actual.length; i++) {
      assertEquals(out[i / pixels][i % pixels], actual[i], 1e-5, "at " + i);
    }
  }

  /** Queries, keys and values as [channel][pixel]. */
  private double[][] projected(float[] x, int channels, int pixels) {
    double[][] rows = new double[channels][pixels];
    for (int i = 0; i < x.length; i++) {
      rows[i / pixels][i % pixels] = x[i];
    }
    return pointwise(rootMeanSquare(rows), "to_qkv");
  }

  /** [channel][pixel], every pixel divided by its root mean square. */
  private static double[][] rootMeanSquare(double[][] rows) {
    double[][] normal = new double[rows.length][rows[0].length];
    for (int i = 0; i < rows[0].length; i++) {
      double square = 0;
      for (double[] row : rows) {
        square += row[i] * row[i] / rows.length;
      }
      for (int c = 0; c < rows.length; c++) {
        normal[c][i] = rows[c][i] / Math.sqrt(square);
      }
    }
    return normal;
  }

  private double[][] pointwise(double[][] rows, String name) {
    float[] weight = values(name + ".weight");
    boolean biased = parameters.containsKey(name + ".bias");
    int outs = weight.length / rows.length;
    double[][] out = new double[outs][rows[0].length];
    for (int o = 0; o < outs; o++) {
      for (int i = 0; i < rows[0].length; i++) {
        out[o][i] = biased ? values(name + ".bias")[o] : 0;
        for (int c = 0; c < rows.length; c++) {
          out[o][i] += weight[o * rows.length + c] * rows[c][i];
        }
      }
    }
    return out;
  }
}
