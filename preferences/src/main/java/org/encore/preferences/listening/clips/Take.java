package org.encore.preferences.listening.clips;

import java.nio.file.Path;

/**
 * One clip of one system.
 *
 * @param system who made it
 * @param key what takes of the same prompt have in common in all systems
 * @param prompt what was asked for; empty if nothing is known
 * @param file WAV or MIDI
 */
public record Take(String system, String key, String prompt, Path file) {}
