package dev.ancestral.exporter.fit;

import dev.ancestral.trainer.quality.Features;

/**
 * What samples are compared with.
 *
 * @param words what it is, for people
 * @param features the space in which
 * @param rows features of the reference's samples
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Reference(String words, Features features, float[][] rows) {}
