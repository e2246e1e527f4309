package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.cli.console.ExitCode;

class EarlyLibtorchTest {

    private final AtomicInteger starts = new AtomicInteger();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "analyze -h",
                "analyze --help",
                "analyze --model=sample --data=sample:definitions --out=o --sampels=3",
                "analyze --model=sample --data=sample:definitions --out=o --samples=0",
                "analyze --representations=r --model=sample --out=o",
                "analyze --config=missing.yaml --out=o",
                "analyze --model=sample --data=missing.tsv --out=o",
                "experiment --model=sample --data=missing.tsv --test=missing.tsv --out=o",
                "generate --model=sample --data=missing*.tsv --out=o",
                "models --json"
            })
    void doesNotStartForALineThatComputesNothing(String line) {
        CommandLineFixture cli = CommandLineFixture.onTorch(folder, () -> {
            starts.incrementAndGet();
            throw new IllegalStateException("started");
        });

        cli.run(line.split(" "));

        assertThat(starts).hasValue(0);
    }

    @Test
    void aFailedStartIsReportedOnce() {
        CommandLineFixture cli = CommandLineFixture.onTorch(folder, () -> {
            starts.incrementAndGet();
            throw new IllegalStateException("no libtorch");
        });

        int code = cli.run("analyze", "--model=sample", "--data=sample:definitions", "--out=" + folder.resolve("o"));

        assertThat(code).isEqualTo(ExitCode.INTERNAL);
        assertThat(cli.errLines()).singleElement().asString().contains("no libtorch");
        assertThat(starts).hasValue(2);
    }

    @Test
    void hasEndedWhenACommandEndsByAnError() {
        CountDownLatch never = new CountDownLatch(1);
        CommandLineFixture cli = CommandLineFixture.onTorch(folder, () -> {
            try {
                assertThat(never.await(300, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            starts.incrementAndGet();
            throw new IllegalStateException("no libtorch");
        });

        int code = cli.run("analyze", "--out=" + folder.resolve("o"));

        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).singleElement().asString().contains("There is nothing to analyze");
        assertThat(starts).hasValue(1);
    }
}
