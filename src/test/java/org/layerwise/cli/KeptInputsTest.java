package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.cli.console.ExitCode;

/** No command writes over what it reads: it is refused before there is any work. */
class KeptInputsTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void inputs() throws IOException {
        cli = new CommandLineFixture(folder.resolve("own"));
        for (String name : new String[] {
            "rows.jsonl",
            "dev.jsonl",
            "shards/a.jsonl",
            "shards/b.jsonl",
            "model/config.json",
            "model/model.safetensors",
            "states/grams.safetensors",
            "analysis/analysis.json",
            "other/analysis.json",
            "run/run.json",
            "run/adapter/adapter_config.json",
            "run/metrics.jsonl",
            "initial/adapter_config.json"
        }) {
            Path file = folder.resolve("in").resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "{\"kept\": \"%s\"}\n".formatted(name));
        }
        Files.createSymbolicLink(folder.resolve("in/link.jsonl"), folder.resolve("in/rows.jsonl"));
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder.resolve("in"))) {
            all.filter(Files::isRegularFile).forEach(file -> {
                try {
                    files.put(file.toString(), Files.readString(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return files;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    generate --model=@model --data=@rows.jsonl --out=@rows.jsonl                          | --out @rows.jsonl is what --data reads
                    generate --model=@model --data=@rows.jsonl --out=@link.jsonl                          | --out @link.jsonl is what --data reads
                    generate --model=@model --data=@shards --out=@shards/b.jsonl                          | is what --data reads
                    generate --model=@model --prompt=x --adapter=@run/adapter --out=@run/adapter/x.jsonl  | lies in the folder that --adapter reads
                    evaluate --model=@model --data=@rows.jsonl --out=@rows.jsonl                          | --out @rows.jsonl is what --data reads
                    evaluate --model=@model --data=@rows.jsonl --predictions=@rows.jsonl                  | --predictions @rows.jsonl is what --data reads
                    evaluate --model=@model --data=@rows.jsonl --predictions=x.json --out=./x.json        | both name
                    evaluate --model=@model --data=@rows.jsonl --preset=mnli --mismatched=@dev.jsonl --out=@dev.jsonl | is what --mismatched reads
                    extract --model=@model --data=@rows.jsonl --out=@rows.jsonl                           | --out @rows.jsonl is what --data reads
                    extract --model=@model --data=@rows.jsonl --out=@model/model.safetensors              | lies in the folder that --model reads
                    select --analysis=@analysis --out=@analysis/analysis.json                             | is what --analysis reads
                    select --analysis=@analysis --out=new.json --export=one-hot=@analysis/analysis.json   | --export one-hot @analysis/analysis.json is what --analysis reads
                    select --analysis=@analysis --out=new.json --export=one-hot=./new.json                | --export one-hot and --out both name
                    select --analysis=@analysis --out=new.json --export=one-hot=a --export=peft=./a       | --export peft and --export one-hot both name
                    compare --analysis=@analysis --analysis=@other --out=@other                           | --out @other is what --analysis reads
                    analyze --representations=@states/grams.safetensors --out=@states                     | would be replaced by what is written into @states
                    analyze --model=@model --data=@rows.jsonl --out=@model                                | is what --model reads
                    train --model=@model --data=@rows.jsonl --out=@model                                  | is what --model reads
                    train --model=@model --data=@rows.jsonl --out=@model/run                              | lies in the folder that --model reads
                    train --model=@model --data=@rows.jsonl --init-adapter=@initial --out=@initial        | is what --init-adapter reads
                    train --model=@model --data=@rows.jsonl --init-adapter=@run/adapter --out=@run --overwrite | would be replaced by what is written into @run
                    train --model=@model --data=@rows.jsonl --validation=@dev.jsonl,@run/metrics.jsonl --out=@run --overwrite | which --validation reads, would be replaced
                    merge --model=@model --adapter=@run/adapter --out=@model/merged                       | lies in the folder that --model reads
                    convert-adapter --adapter=@run/adapter --initial=@initial --out=@initial              | is what --initial reads
                    prune-adapter --model=@model --adapter=@run/adapter --data=@rows.jsonl --out=@run/adapter | is what --adapter reads
                    experiment --model=@model --data=@rows.jsonl --out=@model                             | is what --model reads
                    runs @run --out=@run/metrics.jsonl                                                    | is a file of what is read from @run
                    """)
    void whatIsReadIsNotWrittenOver(String line, String sentence) throws IOException {
        String in = folder.resolve("in") + "/";
        Map<String, String> before = files();

        assertThat(cli.run(line.strip().replace("@", in).split(" "))).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines()).singleElement().asString().contains(sentence.replace("@", in));
        assertThat(files()).isEqualTo(before);
    }

    /** What people do every day stays possible: the next step fails for another reason. */
    @Test
    void besideWhatIsReadThereIsRoom() throws IOException {
        Path in = folder.resolve("in");

        cli.run("select", "--analysis=" + in.resolve("analysis"), "--out=" + in.resolve("analysis/selection.json"));

        assertThat(cli.errLines()).noneMatch(line -> line.contains("--out"));
        cli.run(
                "train",
                "--model=" + in.resolve("model"),
                "--data=" + in.resolve("rows.jsonl"),
                "--out=" + in.resolve("new"));

        assertThat(cli.errLines()).isNotEmpty().noneMatch(line -> line.contains("--out"));
    }
}
