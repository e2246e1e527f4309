package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.FileHash;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;

class WeightsHashTest {

    @TempDir
    private Path folder;

    private String hash(Path of) {
        try (Checkpoint checkpoint = Checkpoint.open(of)) {
            return WeightsHash.sha256(checkpoint, Progress.none());
        }
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(name));
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(Golden.folder("bert").resolve(file), copy.resolve(file));
        }
        return copy;
    }

    @Test
    void dependsOnContentsAndNotOnTheFolder() throws IOException {
        String original = hash(Golden.folder("bert"));
        assertThat(original).matches("[0-9a-f]{64}");
        Path copy = copy("elsewhere");
        Files.writeString(copy.resolve("README.md"), "not part of it");
        assertThat(hash(copy)).isEqualTo(original);
        byte[] weights = Files.readAllBytes(copy.resolve("model.safetensors"));
        weights[weights.length - 1] ^= 1;
        Files.write(copy.resolve("model.safetensors"), weights);
        assertThat(hash(copy)).isNotEqualTo(original);
    }

    /** Else numbers that the old weights gave would carry the hash of the new ones. */
    @Test
    void isRefusedForFilesThatWereReplacedSinceTheyWereOpened() throws IOException {
        Path copy = copy("replaced");
        Path weights = copy.resolve("model.safetensors");
        try (Checkpoint checkpoint = Checkpoint.open(copy)) {
            byte[] other = Files.readAllBytes(weights);
            other[other.length - 1] ^= 1;
            Files.delete(weights);
            Files.write(weights, other);

            assertThatThrownBy(() -> WeightsHash.sha256(checkpoint, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("model.safetensors");
        }
    }

    /** Else a run that goes on, or an experiment, would take the new configuration for the one that it began with. */
    @Test
    void isRefusedForAConfigurationThatWasEditedSinceItWasOpened() throws IOException {
        Path copy = copy("edited");
        Path config = copy.resolve("config.json");
        String text = Files.readString(config);
        try (Checkpoint checkpoint = Checkpoint.open(copy)) {
            Files.writeString(config, text + "\n"); // the same values
            assertThat(WeightsHash.sha256(checkpoint, Progress.none())).matches("[0-9a-f]{64}");

            Files.writeString(config, text.replace("\"gelu\"", "\"relu\""));
            assertThatThrownBy(() -> WeightsHash.sha256(checkpoint, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("config.json was changed or replaced after it was opened");
        }
    }

    private String snapshotHash(Path of) {
        try (Checkpoint checkpoint = Checkpoint.open(of)) {
            return WeightsHash.ofSnapshot(checkpoint, Progress.none());
        }
    }

    /** Hashing a model of many gigabytes at each start takes minutes. */
    @Test
    void ofASnapshotReadsBlobsOnlyIfTheyWereEdited() throws IOException {
        Path snapshot = copy("models--org--tiny/snapshots/0123abcd");
        String ofFiles = snapshotHash(snapshot);
        Path weights = snapshot.resolve("model.safetensors");
        Path blobs = Files.createDirectories(folder.resolve("models--org--tiny/blobs"));
        Path blob = Files.move(weights, blobs.resolve(FileHash.sha256(weights)));
        FileTime before = FileTime.from(Instant.now().minusSeconds(60));
        Files.setLastModifiedTime(blob, before);
        Files.createSymbolicLink(weights, blob);
        assertThat(snapshotHash(snapshot)).isEqualTo(ofFiles);

        byte[] edited = Files.readAllBytes(blob);
        edited[edited.length - 1] ^= 1;
        Files.write(blob, edited);
        assertThat(snapshotHash(snapshot)).isNotEqualTo(ofFiles);
        Files.setLastModifiedTime(blob, before);
        assertThat(snapshotHash(snapshot)).as("its name is believed").isEqualTo(ofFiles);

        Path config = snapshot.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"gelu\"", "\"relu\""));
        assertThat(snapshotHash(snapshot)).isNotEqualTo(ofFiles);
    }

    @Test
    void aBlobOfAnotherKindOfNameIsRead() throws IOException {
        Path snapshot = copy("models--org--tiny/snapshots/0123abcd");
        String ofFiles = snapshotHash(snapshot);
        Path weights = snapshot.resolve("model.safetensors");
        Path blobs = Files.createDirectories(folder.resolve("models--org--tiny/blobs"));
        Path blob = Files.move(weights, blobs.resolve("d6a9a933c8aafc51e55ac0662b6e4d4a3d0bdb9c"));
        Files.createSymbolicLink(weights, blob);

        assertThat(snapshotHash(snapshot)).isEqualTo(ofFiles);
    }

    @Test
    void canBeCancelled() {
        Progress cancelled = CancelledProgress.when(() -> true);
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("bert"))) {
            assertThatThrownBy(() -> WeightsHash.sha256(checkpoint, cancelled)).isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void theCommitOfTheHubIsTheRevision() throws IOException {
        Path snapshot = copy("models--org--tiny/snapshots/0123abcd");
        try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
            assertThat(checkpoint.revision()).hasValue("0123abcd");
        }
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("bert"))) {
            assertThat(checkpoint.revision()).isEmpty();
        }
    }
}
