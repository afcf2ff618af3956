package dev.ancestral.exporter.fit;

/**
 * What a chain is fitted to at one guidance weight.
 *
 * @param guidance the weight
 * @param start x_T of each chain
 * @param labels one a chain
 * @param teacher which went from the same x_T
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Lesson(double guidance, float[][] start, long[] labels, TeacherChains teacher) {}
