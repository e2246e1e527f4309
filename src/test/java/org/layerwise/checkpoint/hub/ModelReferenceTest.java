package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;

class ModelReferenceTest {

    @TempDir
    Path home;

    @Test
    void anExistingFolderIsOne() throws IOException {
        assertThat(ModelReference.parse(home.toString())).isEqualTo(new ModelReference.Folder(home));
        Files.createDirectory(home.resolve("model"));
        assertThat(ModelReference.parse("~/model", home)).isEqualTo(new ModelReference.Folder(home.resolve("model")));
        assertThat(ModelReference.parse("~", home)).isEqualTo(new ModelReference.Folder(home));
        assertThat(ModelReference.parse(".")).isEqualTo(new ModelReference.Folder(Path.of(".")));
        assertThat(ModelReference.parse("src/main")).isEqualTo(new ModelReference.Folder(Path.of("src/main")));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, gpt2, main",
        "google/gemma-2-2b, google/gemma-2-2b, main",
        "org/name@v1.0, org/name, v1.0",
        "name@refs/pr/1, name, refs/pr/1",
        "sentence-transformers/all-MiniLM-L6-v2, sentence-transformers/all-MiniLM-L6-v2, main"
    })
    void namesOfTheHub(String value, String id, String revision) {
        assertThat(ModelReference.parse(value)).isEqualTo(new ModelReference.OnHub(new HubId(id), revision));
    }

    @ParameterizedTest
    @ValueSource(strings = {"./model", "/no/such/folder", "~/model", "a/b/c", "a\\b", "../model", ".hidden"})
    void whatCanOnlyBeAFolder(String value) {
        assertThatThrownBy(() -> ModelReference.parse(value, home))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("There is no folder " + value, "org/name@revision");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "org/",
                "/",
                "org/name@",
                "org/name@../x",
                "a--b",
                "a..b",
                "-a",
                "a.git",
                "C:/model",
                "nul\0"
            })
    void whatIsNeither(String value) {
        assertThatThrownBy(() -> ModelReference.parse(value.equals("/") ? "org//" : value, home))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("org/name");
    }

    @Test
    void aFileIsNeither() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");
        assertThatThrownBy(() -> ModelReference.parse(file.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a file; give the folder");
    }

    @Test
    void foldersOfTheCacheAreNamedAsPythonNamesThem() {
        assertThat(new HubId("org/name-1").folderName()).isEqualTo("models--org--name-1");
        assertThat(HubId.ofFolder("models--org--name-1")).contains(new HubId("org/name-1"));
        assertThat(HubId.ofFolder("models--gpt2")).contains(new HubId("gpt2"));
        assertThat(HubId.ofFolder("models--a--b--c")).isEmpty();
        assertThat(HubId.ofFolder("datasets--a--b")).isEmpty();
        assertThatThrownBy(() -> new HubId("x".repeat(97)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be a model of the hub");
    }
}
