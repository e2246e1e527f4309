package org.layerwise.study.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Mutations;

/** A mutated study is opened or refused in one sentence. */
class StudyFuzzTest {

    private static final int ROUNDS = 2000;

    @TempDir
    private Path folder;

    @Test
    void studies() throws IOException {
        Path file = folder.resolve("own.layerwise");
        StudyFile.write(file, StudyFileTest.rich(folder));
        byte[] json = Files.readAllBytes(file);
        Mutations mutations = new Mutations(7);
        FuzzRounds.Outcome outcome = new FuzzRounds("study", ROUNDS, file).run(round -> {
            Files.write(file, mutations.json(json));
            return FuzzRounds.isAccepted(
                    () -> assertThat(MissingParts.of(StudyFile.read(file))).isNotNull());
        });
        assertThat(outcome.validShare()).isBetween(0.01, 0.9);
    }

    /** Neither a zero byte nor half of a surrogate pair can be part of a path on Linux. */
    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "./a\0b", "/a\0b", "a\uD800", "/a\uD800"})
    void textsThatAreNoPathsAreKeptOrRefusedInASentence(String wrong) throws IOException {
        Path file = folder.resolve("own.layerwise");
        StudyFile.write(file, StudyFileTest.rich(folder));
        ObjectNode json = (ObjectNode) Json.read(file);
        ((ObjectNode) json.at("/settings/train"))
                .put("init-adapter", "/adapter")
                .put("test", "/test.tsv")
                .put("validation", "/v.tsv");
        assertThat(kept(file, json)).as("before").isTrue();
        int kept = 0;
        for (String key : texts(json, "").toList()) {
            ObjectNode changed = json.deepCopy();
            int slash = key.lastIndexOf('/');
            if (changed.at(key.substring(0, slash)) instanceof ObjectNode parent) {
                parent.put(key.substring(slash + 1), wrong);
            } else {
                ((ArrayNode) changed.at(key.substring(0, slash)))
                        .set(Integer.parseInt(key.substring(slash + 1)), wrong);
            }
            kept += kept(file, changed) ? 1 : 0;
        }
        assertThat(kept).isPositive();
    }

    private static boolean kept(Path file, ObjectNode json) throws IOException {
        Files.writeString(file, json.toString().replace("\uD800", "\\uD800"));
        try {
            assertThat(MissingParts.of(StudyFile.read(file))).isNotNull();
            return true;
        } catch (UserException e) {
            return false;
        }
    }

    private static Stream<String> texts(JsonNode json, String key) {
        if (json.isTextual()) {
            return Stream.of(key);
        }
        Stream<String> keys = json.isArray()
                ? IntStream.range(0, json.size()).mapToObj(String::valueOf)
                : json.properties().stream().map(Map.Entry::getKey);
        return keys.flatMap(inner -> texts(json.at("/" + inner), key + "/" + inner));
    }
}
