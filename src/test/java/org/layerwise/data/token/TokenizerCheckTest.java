package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.process.ChildProcess;
import org.layerwise.base.process.OwnCommand;
import org.layerwise.data.DataFixtures;
import org.layerwise.testing.ByteTokenizer;
import org.layerwise.testing.CancelledProgress;

class TokenizerCheckTest {

    @TempDir
    Path folder;

    @Test
    void aMergeThatIsShorterThanThePrefixEndsTheProcessAndIsRefusedBefore() throws IOException {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        ((ObjectNode) tokenizer.get("model")).put("continuing_subword_prefix", "(a+)+$");

        endsItsProcess(tokenizer);
        refused(tokenizer, "the merge \"a ##b\" does not go on with the continuing_subword_prefix \"(a+)+$\"");
    }

    @Test
    void aTableThatLeadsOutOfItselfEndsTheProcessAndIsRefusedBefore() throws IOException {
        byte[] charsmap = TokenizerFixtures.charsmap();
        byte[] far = charsmap.clone();
        far[4 + 2] = 0x7f; // where the root's branches begin
        byte[] behind = charsmap.clone();
        behind[4 + 4 * 512] = 9; // where the replacement begins
        byte[] empty = new byte[4];

        for (byte[] broken : List.of(far, behind, empty)) {
            endsItsProcess(TokenizerFixtures.unigram(broken));
            refused(TokenizerFixtures.unigram(broken), "its precompiled_charsmap is broken (");
        }
        refused(
                TokenizerFixtures.unigram(Arrays.copyOf(charsmap, 100)),
                "its precompiled_charsmap is broken (it claims a trie of 4096 bytes and has 96)");
    }

    /** BPE with dropout splits a word differently each time, so that no number could be computed again. */
    @Test
    void aTokenizerThatDrawsItsMergesIsRefused() throws IOException {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        ((ObjectNode) tokenizer.get("model")).put("dropout", 0.5);

        assertThatThrownBy(() -> new TokenizerCheck(folder).require(file(tokenizer), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("tokenizer.json splits words at random (dropout 0.5)")
                .hasMessageEndingWith("set model.dropout to null in it.");
    }

    @Test
    void soundTokenizersOfAllKindsAreTriedOnce() throws IOException {
        int kind = 0;
        for (JsonNode tokenizer : TokenizerFixtures.all(folder)) {
            TokenizerFile file = file(tokenizer);
            Path cache = folder.resolve("cache" + kind++);
            new TokenizerCheck(cache).require(file, Progress.none());

            assertThatCode(() -> check(cache, "exit 1", 20).require(file, Progress.none()))
                    .doesNotThrowAnyException();
        }
        assertThatThrownBy(() -> check(folder.resolve("cache0"), "exit 1", 20)
                        .require(file(TokenizerFixtures.merging()), Progress.none()))
                .isInstanceOf(UserException.class);
    }

    /** A stride longer than a row's room for text makes the native library panic, if it is left in the file. */
    @Test
    void aLongStrideIsNoFault() throws IOException {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        ObjectNode truncation = tokenizer.putObject("truncation").put("direction", "Right");
        truncation.put("max_length", 512).put("strategy", "LongestFirst").put("stride", 128);

        assertThatCode(() -> new TokenizerCheck(folder).require(file(tokenizer), Progress.none()))
                .doesNotThrowAnyException();
    }

    @Test
    void theSampleNeedsNoTrial() throws IOException {
        TokenizerFile file = TokenizerFile.read(DataFixtures.sampleTokenizer(folder), null);

        assertThatCode(() -> check(folder, "exit 1", 20).require(file, Progress.none()))
                .doesNotThrowAnyException();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatKillsOrHangsTheTrialIsRefusedInOneSentence() {
        TokenizerFile file = TokenizerFile.read(ByteTokenizer.write(folder), null);

        assertThatThrownBy(() -> check(folder, "kill -ABRT $$", 20).require(file, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s cannot be used: the tokenizer ended the process that tried it (code 134; the log has what it said); download the file again from where the model came from."
                                .formatted(file.path()));
        assertThatThrownBy(() -> check(folder, "exec sleep 60", 1).require(file, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("had not come to an end after 1 seconds");
        AtomicInteger asked = new AtomicInteger();
        Progress impatient = CancelledProgress.when(() -> asked.incrementAndGet() > 2);
        assertThatThrownBy(() -> check(folder, "exec sleep 60", 60).require(file, impatient))
                .isInstanceOf(CancelledException.class);
        assertThat(folder.resolve("tokenizers")).doesNotExist();
    }

    private void endsItsProcess(JsonNode tokenizer) throws IOException {
        ChildProcess child = new ChildProcess(OwnCommand.briefCommand(), Duration.ofMinutes(1));
        byte[] input = TokenizerCheck.input(file(tokenizer));
        ChildProcess.Ended ended = child.run(List.of(TokenizerTrial.ARGUMENT), input, Progress.none())
                .orElseThrow();
        assertThat(ended.code()).as(ended.complained()).isNotZero();
    }

    private void refused(JsonNode tokenizer, String words) throws IOException {
        TokenizerFile file = file(tokenizer);
        assertThatThrownBy(() -> new TokenizerCheck(folder).require(file, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(file.path() + " is not a tokenizer that can be read: " + words)
                .hasMessageEndingWith("; download it again from where the model came from.");
    }

    private static TokenizerCheck check(Path cache, String script, int seconds) {
        return new TokenizerCheck(
                cache, new ChildProcess(List.of("bash", "-c", script, "layerwise"), Duration.ofSeconds(seconds)));
    }

    private TokenizerFile file(JsonNode tokenizer) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.write(file, Json.line(tokenizer).getBytes(StandardCharsets.UTF_8));
        return TokenizerFile.read(file, null);
    }
}
