package org.layerwise.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.extraction.TokenCosines;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.Processor;

/** After a long computation in float32 the gain and the cost of bfloat16 are measured, where the processor has units for it. */
class SixteenBitOfferTest {

    @TempDir
    private Path folder;

    private Workbench workbench;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
    }

    @AfterEach
    void close() {
        workbench.close();
    }

    private Processor processor(String flags) throws IOException {
        Path info = folder.resolve("proc/cpuinfo");
        Files.createDirectories(info.getParent());
        Files.writeString(info, "processor\t: 0\nmodel name\t: Some Processor\n" + flags + "\n");
        return new Processor(folder);
    }

    private Optional<String> offer(ComputeType type, double seconds, Processor processor) {
        return offer(type, seconds, processor, AnalysisSettings.defaults());
    }

    private Optional<String> offer(ComputeType type, double seconds, Processor processor, AnalysisSettings analysis) {
        ModelSettings settings =
                ModelSettings.of(TinyStudy.MODEL).onDevice("cpu").withType(type);
        try (OpenModel model = workbench.openModel(settings, new PauseSwitch(), Progress.none())) {
            TokenizedDataset rows = TinyStudy.tokens(
                    workbench, model, DataSettings.of(TinyStudy.classes(folder).toString()));
            return new SixteenBitOffer(workbench, model, analysis)
                    .after(seconds, processor, rows, Position.FIRST, Progress.none());
        }
    }

    @Test
    void tellsGainAndCostOnAProcessorWithUnits() throws IOException {
        for (String flags :
                new String[] {"flags\t\t: fpu avx512_bf16 vnni", "flags\t: amx_bf16", "Features\t: fp bf16 sve"}) {
            assertThat(offer(ComputeType.AUTO, SixteenBitOffer.LONG, processor(flags)))
                    .get()
                    .asString()
                    .matches(
                            "--dtype bf16 would take \\S+ times as long on this processor \\(16 rows: \\S+ s instead of \\S+\\)\\. "
                                    + "bfloat16 against float32 on the first 16 rows: an importance changes by at most .*");
        }
    }

    @Test
    void saysNothingWithoutNeed() throws IOException {
        Processor units = processor("flags\t: avx512_bf16");
        assertThat(offer(ComputeType.AUTO, SixteenBitOffer.LONG - 1, units)).isEmpty();
        assertThat(offer(ComputeType.F32, SixteenBitOffer.LONG, units)).isEmpty();
        AnalysisSettings cosines = AnalysisSettings.defaults().with(List.of(TokenCosines.MEASURE));
        assertThat(offer(ComputeType.AUTO, SixteenBitOffer.LONG, units, cosines))
                .isEmpty();
        assertThat(offer(ComputeType.BF16, SixteenBitOffer.LONG, units)).isEmpty();
        assertThat(offer(ComputeType.AUTO, SixteenBitOffer.LONG, processor("flags\t: avx512f avx512_bf16x")))
                .isEmpty();
        assertThat(offer(ComputeType.AUTO, SixteenBitOffer.LONG, new Processor(folder.resolve("none"))))
                .isEmpty();
    }

    @Test
    void theProcessorHasAName() throws IOException {
        assertThat(processor("").name()).isEqualTo("Some Processor");
        assertThat(new Processor(folder.resolve("none")).name()).isEqualTo(System.getProperty("os.arch"));
    }
}
