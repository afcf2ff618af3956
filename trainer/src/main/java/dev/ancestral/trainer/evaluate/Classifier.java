package dev.ancestral.trainer.evaluate;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.network.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * A small convolutional classifier of the real images, trained where it is needed: seconds for
 * small images. Owns its arrays; {@link #close} frees them. Not thread-safe.
 */
final class Classifier implements AutoCloseable {
  private static final int BATCH = 64;
  private static final int EPOCHS = 16;
  private static final int MIN_ITERATIONS = 200;
  private static final int MAX_ITERATIONS = 1200;
  private static final float LEARNING_RATE = 1e-3f;
  private static final int FIRST_CHANNELS = 32;
  private static final int MAX_CHANNELS = 128;
  private static final int HIDDEN = 128;
  private static final int SMALLEST_SIDE = 4;

  private final Model model;
  private final Trainer trainer;
  private final Shape shape;

  private Classifier(Model model, Shape shape) {
    this.model = model;
    this.shape = shape;
    this.trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(
                    Optimizer.adam().optLearningRateTracker(Tracker.fixed(LEARNING_RATE)).build()));
    trainer.initialize(new Shape(1).addAll(shape));
  }

  /**
   * Trains one.
   *
   * @param data labelled images
   * @param indices which of them to train on, at least one
   * @param seed of weights and order
   */
  static Classifier train(Dataset data, int[] indices, long seed) {
    Torch.start().setRandomSeed(new PhiloxRandom(seed, NoisePurpose.WEIGHTS, 0, 0).nextInt());
    Shape shape = new Shape(data.description().spec().dimensions());
    Model model = Model.newInstance("classifier", Device.cpu(), Torch.ENGINE);
    model.setBlock(network(shape, data.description().classNames().size()));
    Classifier classifier = new Classifier(model, shape);
    int iterations =
        Math.min(MAX_ITERATIONS, Math.max(MIN_ITERATIONS, EPOCHS * indices.length / BATCH));
    for (int i = 0; i < iterations; i++) {
      PhiloxRandom random = new PhiloxRandom(seed, NoisePurpose.SHUFFLE, i, 0);
      List<float[]> pixels = new ArrayList<>(BATCH);
      long[] labels = new long[BATCH];
      for (int row = 0; row < BATCH; row++) {
        int index = indices[random.nextInt(indices.length)];
        float[] image = new float[data.description().spec().elements()];
        data.sample(index, image);
        pixels.add(image);
        labels[row] = data.label(index);
      }
      classifier.update(pixels, labels);
    }
    return classifier;
  }

  /** Halves the image until it is small, with more channels each time. */
  private static SequentialBlock network(Shape shape, int classes) {
    SequentialBlock block = new SequentialBlock();
    int channels = FIRST_CHANNELS;
    block.add(convolution(channels, 1)).add(Activation::relu);
    for (long side = Math.min(shape.get(1), shape.get(2));
        side > SMALLEST_SIDE;
        side = (side + 1) / 2) {
      channels = Math.min(MAX_CHANNELS, 2 * channels);
      block.add(convolution(channels, 2)).add(Activation::relu);
    }
    return block
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(HIDDEN).build())
        .add(Activation::relu)
        .add(Linear.builder().setUnits(classes).build());
  }

  private static Conv2d convolution(int channels, int stride) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .optStride(new Shape(stride, stride))
        .setFilters(channels)
        .build();
  }

  private void update(List<float[]> images, long[] labels) {
    try (NDManager scratch = model.getNDManager().newSubManager()) {
      NDList expected = new NDList(scratch.create(labels).expandDims(1));
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList output = trainer.forward(new NDList(batch(scratch, images)));
        collector.backward(trainer.getLoss().evaluate(expected, output));
      }
      trainer.step();
    }
  }

  /** The probability of each class, one array an image. */
  List<float[]> probabilities(List<float[]> images) {
    List<float[]> all = new ArrayList<>(images.size());
    for (int from = 0; from < images.size(); from += BATCH) {
      List<float[]> part = images.subList(from, Math.min(images.size(), from + BATCH));
      try (NDManager scratch = model.getNDManager().newSubManager()) {
        NDArray output =
            trainer.evaluate(new NDList(batch(scratch, part))).singletonOrThrow().softmax(-1);
        output.attach(scratch);
        int classes = (int) output.getShape().get(1);
        float[] flat = output.toFloatArray();
        for (int row = 0; row < part.size(); row++) {
          float[] probabilities = new float[classes];
          System.arraycopy(flat, row * classes, probabilities, 0, classes);
          all.add(probabilities);
        }
      }
    }
    return all;
  }

  private NDArray batch(NDManager scratch, List<float[]> images) {
    int elements = images.get(0).length;
    float[] flat = new float[images.size() * elements];
    for (int row = 0; row < images.size(); row++) {
      System.arraycopy(images.get(row), 0, flat, row * elements, elements);
    }
    return scratch.create(flat, new Shape(images.size()).addAll(shape));
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
