package dev.ancestral.server.engine;

/**
 * What an engine has done since it started.
 *
 * @param calls of the network, those that failed too; several steps on the device are as many
 * @param callRows their rows, all together
 * @param callSeconds their time, all together
 * @param requests that were taken
 * @param samples that were finished
 * @param queueFull requests refused since their rows did not fit
 * @param deadlines requests refused since they could not be done in time
 */
public record EngineStatistics(
    long calls,
    long callRows,
    double callSeconds,
    long requests,
    long samples,
    long queueFull,
    long deadlines) {}
