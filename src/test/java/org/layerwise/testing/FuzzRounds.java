package org.layerwise.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.layerwise.base.UserException;

/**
 * Rounds of a fuzz test: a fixed number of them, or as many as the minutes of {@code -Dlayerwise.fuzz=MINUTES} allow. Each
 * round writes one mutated file and reads it. The file of a round that fails is copied to {@code target/fuzz}.
 */
public final class FuzzRounds {

    private static final String MINUTES = "layerwise.fuzz";

    /** No message may dump the file that it is about. */
    private static final int LONGEST_MESSAGE = 2000;

    private final String name;
    private final int least;
    private final Path file;

    /**
     * Creates rounds.
     *
     * @param name begins the name of the copy of a file that fails
     * @param least the number of rounds without {@code -Dlayerwise.fuzz}, and the least number with it
     * @param file the file, or the folder of files, that each round writes
     */
    public FuzzRounds(String name, int least, Path file) {
        this.name = name;
        this.least = least;
        this.file = file;
    }

    /** One round; returns true if the mutated file was accepted, false if it was refused. */
    public interface Round {
        boolean run(int round) throws Exception;
    }

    /** An action that may refuse its input. */
    public interface Reading {
        void run() throws Exception;
    }

    /** Numbers of rounds and of those whose file was accepted. */
    public record Outcome(int rounds, int valid) {

        /** Returns the share of accepted files, 0 to 1. */
        public double validShare() {
            return valid / (double) rounds;
        }
    }

    /**
     * Runs all rounds and ends with the first that fails.
     *
     * @throws AssertionError with the number of the round and the place of the copied file, if a round throws
     */
    public Outcome run(Round round) throws IOException {
        long deadline = System.nanoTime() + minutes().toNanos();
        int rounds = 0;
        int valid = 0;
        while (rounds < least || System.nanoTime() < deadline) {
            try {
                valid += round.run(rounds) ? 1 : 0;
            } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("Round %s of %s failed on %s.".formatted(rounds, name, copy(rounds)), e);
            }
            rounds++;
        }
        return new Outcome(rounds, valid);
    }

    /** Returns true if a reading succeeds, false if it is refused in one sentence; anything else fails the test. */
    public static boolean isAccepted(Reading reading) throws Exception {
        try {
            reading.run();
            return true;
        } catch (UserException e) {
            assertSentence(e);
            return false;
        }
    }

    /** Checks that a refusal is one short message that ends as a sentence does. */
    public static void assertSentence(UserException e) {
        assertThat(e.getMessage()).endsWith(".").hasSizeLessThan(LONGEST_MESSAGE);
    }

    private static Duration minutes() {
        double minutes = Double.parseDouble(System.getProperty(MINUTES, "0"));
        return Duration.ofMillis(Math.round(minutes * 60_000));
    }

    /** Keeps the file of a failed round. */
    private Path copy(int round) throws IOException {
        if (!Files.isRegularFile(file)) {
            return file;
        }
        Path folder = Files.createDirectories(Path.of("target", "fuzz"));
        return Files.copy(file, folder.resolve(name + "-" + round), StandardCopyOption.REPLACE_EXISTING);
    }
}
