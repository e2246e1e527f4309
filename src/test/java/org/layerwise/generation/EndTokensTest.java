package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;

class EndTokensTest {

    @TempDir
    Path folder;

    @Test
    void theSettingsOfGenerationCountFirst() throws IOException {
        write("config.json", "{\"eos_token_id\": 2}");
        assertThat(EndTokens.read(folder)).containsExactly(2L);

        write("generation_config.json", "{\"bos_token_id\": 1}");
        assertThat(EndTokens.read(folder)).containsExactly(2L);

        write("generation_config.json", "{\"eos_token_id\": [128001, 128009]}");
        assertThat(EndTokens.read(folder)).containsExactlyInAnyOrder(128001L, 128009L);

        write("generation_config.json", "{\"eos_token_id\": 7}");
        assertThat(EndTokens.read(folder)).containsExactly(7L);
    }

    @Test
    void theLanguageModelOfOneThatSeesIsAsked() throws IOException {
        write("config.json", "{\"text_config\": {\"eos_token_id\": 5}}");
        assertThat(EndTokens.read(folder)).containsExactly(5L);
    }

    @Test
    void elseTheTokenizerKnows() throws IOException {
        write("config.json", "{\"eos_token_id\": null}");
        assertThat(EndTokens.read(folder)).isEmpty();

        write("tokenizer.json", "{\"added_tokens\": [{\"id\": 9, \"content\": \"<end>\"}]}");
        write("tokenizer_config.json", "{\"eos_token\": \"<end>\"}");
        assertThat(EndTokens.read(folder)).containsExactly(9L);
    }

    @Test
    void whatIsNoTokenIsRefused() throws IOException {
        write("generation_config.json", "{\"eos_token_id\": [1, \"</s>\"]}");
        assertThatThrownBy(() -> EndTokens.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("generation_config.json has eos_token_id = [1,\"</s>\"]");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
