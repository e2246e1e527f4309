package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.UserException;

class ReferenceFilesTest {

    @TempDir
    Path folder;

    @Test
    void writesFloatsAsPythonPrintsThem() {
        // the values of a real run of the reference: float32, printed by Python as doubles
        LayerImportance importance = LayerImportance.ofSimilarities(List.of(
                new Similarity.Undefined("constant"),
                new Similarity.Value(0.773671585803493),
                new Similarity.Value(1.4676733000587236e-14),
                new Similarity.Value(1)));

        assertThat(ReferenceFiles.similarities(importance))
                .isEqualTo("0.0|0,1\n0.773671567440033|1,2\n" + "1.4676733000587236e-14|2,3\n1.0|3,4\n");
    }

    @Test
    void writesTheSelectionWithoutAnEndOfLine() throws IOException {
        LayerSelection selection = LayerSelection.byHand(List.of(2, 3), 4);
        Path file = folder.resolve("ohe.txt");
        Files.writeString(file, selection.oneHot());

        assertThat(selection.oneHot()).isEqualTo("0011");
        assertThat(ReferenceFiles.readOneHot(file)).isEqualTo(selection);
    }

    @Test
    void readsFilesThatWereEditedOnWindows() throws IOException {
        Path oneHot = folder.resolve("ohe.txt");
        Files.writeString(oneHot, "01\r\n");

        assertThat(ReferenceFiles.readOneHot(oneHot).layers()).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "012", "0 1", "[0, 1]"})
    void refusesAnythingButZerosAndOnes(String content) throws IOException {
        Path file = folder.resolve("ohe.txt");
        Files.writeString(file, content);

        assertThatThrownBy(() -> ReferenceFiles.readOneHot(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void saysWhenTheFileIsMissingOrNoText() throws IOException {
        Path file = folder.resolve("ohe.txt");
        assertThatThrownBy(() -> ReferenceFiles.readOneHot(file)).isInstanceOf(UserException.class);
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> ReferenceFiles.readOneHot(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no list of selected layers");
    }

    @Test
    void namesFilesAsTheReferenceDoes() {
        ReferenceName encoder = ReferenceName.encoder("FacebookAI/roberta-base", "cola");
        assertThat(encoder.similarities()).isEqualTo("cka_layer_list_roberta-base_cola.txt");
        assertThat(encoder.oneHot()).isEqualTo("layers_to_finetune_ohe_roberta-base_cola.txt");
        assertThat(ReferenceName.decoder("meta-llama/Llama-2-7b-hf", "metamath", 128)
                        .oneHot())
                .isEqualTo("layers_to_finetune_ohe_Llama-2-7b-hf_metamath_128.txt");
        assertThat(ReferenceName.llava("llava-hf/llava-1.5-7b-hf", 128).similarities())
                .isEqualTo("cka_layer_list_llava-1.5-7b-hf_128.txt");
    }

    @Test
    void cleansNamesThatAFileSystemRefuses() {
        assertThat(ReferenceName.encoder("C:\\models\\my bert\\", "a/b:c*?").stem())
                .isEqualTo("my_bert_a_b_c_");
        assertThat(ReferenceName.encoder("/models/tiny/", "sample:definitions").stem())
                .isEqualTo("tiny_sample_definitions");
        assertThat(ReferenceName.encoder("", "x".repeat(400)).similarities()).hasSizeLessThan(255);
        for (String letter : List.of("x", "é", "数", "x\uD83D\uDE00")) {
            String name = ReferenceName.decoder(letter.repeat(90), letter.repeat(90), 1_000_000)
                    .oneHot();
            assertThat(name.getBytes(StandardCharsets.UTF_8)).as(name).hasSizeLessThan(255);
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(name)).isTrue();
        }
    }
}
