package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.base.process.ChildProcess;
import org.layerwise.base.process.OwnCommand;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Mutations;
import org.slf4j.LoggerFactory;

/** Whatever a tokenizer.json holds, this process survives: rules or the trial in another process refuse it. */
class TokenizerFuzzTest {

    /** So many are tried by one process, unless it dies. */
    private static final int BATCH = 100;

    private static final int ROUNDS = 6;

    /** A batch takes a second or two on an idle machine. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void tokenizers() throws IOException {
        List<JsonNode> sound = TokenizerFixtures.all(folder);
        Mutations mutations = new Mutations(11);
        Path kept = folder.resolve("batch");
        FuzzRounds.Outcome outcome = new FuzzRounds("tokenizers", ROUNDS, kept).run(round -> {
            List<TokenizerFile> files = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                byte[] mutated = mutations.json(text(sound.get(i % sound.size())));
                TokenizerFile file = new TokenizerFile(folder.resolve("tokenizer.json"), mutated);
                if (FuzzRounds.isAccepted(() -> TokenizerRules.check(file))) {
                    files.add(file);
                }
            }
            Files.write(kept, input(files));
            return opened(files) > 0;
        });
        assertThat(outcome.valid()).isEqualTo(outcome.rounds());
    }

    /** Opens here what another process has stood. */
    private static int opened(List<TokenizerFile> files) throws Exception {
        List<TokenizerFile> left = files;
        int opened = 0;
        while (!left.isEmpty()) {
            List<String> said = tried(left);
            for (int i = 0; i < said.size(); i++) {
                TokenizerFile file = left.get(i);
                boolean works = FuzzRounds.isAccepted(() -> open(file));
                assertThat(works || !said.get(i).equals(TokenizerTrial.WORKS)).isTrue();
                opened += works ? 1 : 0;
            }
            int dead = Math.min(said.size(), left.size());
            left = left.subList(Math.min(dead + 1, left.size()), left.size());
        }
        return opened;
    }

    private static void open(TokenizerFile file) {
        try (CancellableTokenizer tokenizer = new CancellableTokenizer(file, null)) {
            long[] ids = tokenizer
                    .encode(new String[] {"the foxes aba"}, true, Progress.none())
                    .getIds();
            tokenizer.decode(ids, true);
        }
    }

    /** A line for each that did not end the process, up to the first that did. */
    private static List<String> tried(List<TokenizerFile> files) throws IOException {
        ChildProcess child = new ChildProcess(OwnCommand.briefCommand(), LIMIT);
        Optional<ChildProcess.Ended> ended = child.run(List.of(TokenizerTrial.ARGUMENT), input(files), Progress.none());
        List<String> said = ended.map(end -> end.said().lines().toList()).orElse(List.of());
        if (said.size() < files.size()) {
            LoggerFactory.getLogger(TokenizerFuzzTest.class)
                    .warn("{}: {}", ended, new String(files.get(said.size()).content(), StandardCharsets.UTF_8));
        }
        return said;
    }

    private static byte[] input(List<TokenizerFile> files) throws IOException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (TokenizerFile file : files) {
            input.write(TokenizerCheck.input(file));
        }
        return input.toByteArray();
    }

    private static byte[] text(JsonNode document) {
        return Json.line(document).getBytes(StandardCharsets.UTF_8);
    }
}
