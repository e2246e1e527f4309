package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.DataHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.Split;
import org.layerwise.data.sample.SampleTasks;

class DatasetChunksTest {

    @TempDir
    Path folder;

    private void shards() {
        for (String shard : List.of("a", "b", "c")) {
            DataFixtures.parquet(
                    folder,
                    shard + ".parquet",
                    "SELECT '%s' || i AS text, chr((97 + i %% 3)::INTEGER) AS label FROM range(700) t(i)"
                            .formatted(shard));
        }
    }

    private static List<Dataset> chunks(DataSource source, int rows) {
        List<Dataset> chunks = new ArrayList<>();
        try (DatasetChunks found = new DatasetReader().chunks(source, LabelUse.AUTO, rows, Progress.none())) {
            found.forEachRemaining(chunks::add);
        }
        return chunks;
    }

    @ParameterizedTest
    @EnumSource(SamplingMode.class)
    void togetherTheyAreWhatReadGives(SamplingMode sampling) {
        shards();
        DataSource source =
                new DataSource(folder.toString(), ColumnMapping.DEFAULTS, 1_500, Split.TRAIN).withSampling(sampling, 5);
        Dataset whole = new DatasetReader().read(source, Progress.none());
        List<Dataset> chunks = chunks(source, 400);
        assertThat(chunks).extracting(Dataset::size).containsExactly(400, 400, 400, 300);
        assertThat(chunks.stream().flatMap(chunk -> chunk.texts().stream()).toList())
                .isEqualTo(whole.texts());
        assertThat(chunks.get(3).place(299)).isEqualTo(whole.place(1_499));
        DataHash hash = new DataHash();
        chunks.forEach(hash::add);
        assertThat(hash.hex()).isEqualTo(DataHash.of(whole));
    }

    @Test
    void classesHaveTheSameNumbersInAllChunks() {
        Path file = DataFixtures.write(
                folder,
                "a.tsv",
                IntStream.range(0, 30)
                        .mapToObj(i -> "text %s\t%s\n".formatted(i, i < 10 ? "A" : i < 20 ? "b" : "a"))
                        .collect(Collectors.joining("", "text\tlabel\n", "")));
        List<Dataset> chunks = chunks(DataSource.of(file.toString()), 10);
        assertThat(chunks)
                .extracting(chunk -> ((Labels.Classes) chunk.labels()).of(0))
                .containsExactly(0, 2, 1);
        assertThat(chunks)
                .extracting(chunk -> ((Labels.Classes) chunk.labels()).names())
                .containsOnly(List.of("A", "a", "b"));
    }

    @Test
    void aBrokenLineFarBelowIsNoEnd() {
        String rows = IntStream.range(0, 60_000)
                .mapToObj(i -> i == 55_000 ? "broken\n" : "text %s\t1\n".formatted(i))
                .collect(Collectors.joining("", "text\tlabel\n", ""));
        Path file = DataFixtures.write(folder, "a.tsv", rows);
        assertThatThrownBy(() -> chunks(DataSource.of(file.toString()), 10_000))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("line 55002");
    }

    @Test
    void sampleTasksComeInChunksToo() {
        DataSource source = new DataSource(SampleTasks.DEFINITIONS, ColumnMapping.DEFAULTS, 25, Split.TRAIN);
        assertThat(chunks(source, 10)).extracting(Dataset::size).containsExactly(10, 10, 5);
    }

    @Test
    void theHashIsThatOfTheTextsWhateverTheFormat() {
        Path tsv = DataFixtures.write(folder, "a.tsv", "sentence\tlabel\nfine\t1\nbad\t0\n");
        Path json = DataFixtures.write(
                folder, "b.jsonl", "{\"text\": \"fine\", \"label\": \"x\"}\n{\"text\": \"bad\", \"label\": \"y\"}\n");
        String hash = DataHash.of(DataFixtures.read(tsv));
        assertThat(hash).hasSize(64).isEqualTo(DataHash.of(DataFixtures.read(json)));
        Path other = DataFixtures.write(folder, "c.tsv", "sentence\tlabel\nfineb\t1\nad\t0\n");
        assertThat(DataHash.of(DataFixtures.read(other))).isNotEqualTo(hash);
        Path pair = DataFixtures.write(folder, "d.tsv", "sentence1\tsentence2\nfine\tbad\n");
        assertThat(DataHash.of(DataFixtures.read(pair))).isNotEqualTo(hash);
    }
}
