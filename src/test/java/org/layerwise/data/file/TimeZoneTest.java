package org.layerwise.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.data.DataFixtures;

/** The time zone of the machine, which DuckDB takes from the environment, changes no text and so no token. */
class TimeZoneTest {

    @TempDir
    Path folder;

    @Test
    void aTimestampIsTheSameTextEverywhere() throws IOException, InterruptedException {
        Path file = DataFixtures.parquet(
                folder,
                "times.parquet",
                "SELECT '2020-01-01 23:30:00+00'::TIMESTAMPTZ AS text, '2020-01-01 23:30:00'::TIMESTAMP AS plain");
        String here = "2020-01-01 23:30:00+00 | 2020-01-01 23:30:00";
        assertThat(readIn("UTC", file)).isEqualTo(here);
        assertThat(readIn("Asia/Tokyo", file)).isEqualTo(here);
    }

    private static String readIn(String zone, Path file) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Reader.class.getName(),
                file.toString());
        builder.environment().put("TZ", zone);
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return said.strip();
    }

    /** A process of another time zone. */
    static final class Reader {

        private Reader() {}

        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            try (DuckDb duckDb = DuckDb.forFile(file, false, Progress.none())) {
                duckDb.query(
                        "SELECT text::VARCHAR, plain::VARCHAR FROM read_parquet(%s)".formatted(DuckDb.path(file)),
                        cells -> System.out.println(String.join(" | ", cells)));
            }
        }
    }
}
