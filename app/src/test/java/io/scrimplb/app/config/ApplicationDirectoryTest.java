package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void readsJsonAndYamlFilesWithOneApplicationOrAList() throws Exception {
        write("b.scrimp.yaml", "- name: two\n  application-port: 2\n- name: three\n  application-port: ${PORT}\n");
        write("a.scrimp.json", "{\"name\": \"one\", \"application-port\": \"1\"}");
        write("readme.txt", "not ours");
        write(".draft.scrimp.json", "not finished");

        ApplicationDirectory.Reading reading = read();

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.applications())
                .extracting(application -> application.name() + application.applicationPort())
                .containsExactly("one1", "two2", "three3");
    }

    @Test
    void skipsABadFileWithItsNameAndReasonAndLoadsTheOthers() throws Exception {
        write("a.scrimp.json", "{\"name\": \"one\", \"application-prt\": 1}");
        write("b.scrimp.json", "{\"name\": \"two\", \"application-port\": 2");
        write("c.scrimp.json", "{\"name\": \"three\", \"application-port\": 3}");

        ApplicationDirectory.Reading reading = read();

        assertThat(reading.applications()).extracting(ApplicationConfig::name).containsExactly("three");
        assertThat(lines(reading))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("a.scrimp.json:1:1 application-port: is missing; it has no default"),
                        line -> assertThat(line)
                                .isEqualTo("a.scrimp.json:1:17 application-prt: unknown key (did you mean"
                                        + " \"application-port\"?)"),
                        line -> assertThat(line)
                                .startsWith("b.scrimp.json:1:")
                                .contains("not valid JSON: Unexpected end-of-input"));
    }

    @Test
    void theFirstFileKeepsANameThatTwoClaim() throws Exception {
        write("b.scrimp.json", "{\"name\": \"one\", \"application-port\": 2}");
        write("a.scrimp.json", "{\"name\": \"one\", \"application-port\": 1}");

        ApplicationDirectory.Reading reading = read();

        assertThat(reading.applications())
                .extracting(ApplicationConfig::applicationPort)
                .containsExactly(1);
        assertThat(lines(reading))
                .containsExactly("b.scrimp.json:1:10 name: \"one\" is taken by the one at a.scrimp.json:1:10; this one"
                        + " is skipped");
    }

    @Test
    void notesWhatHasNoEffectYet() throws Exception {
        write("a.scrimp.json", "{\"name\": \"one\", \"application-port\": 1, \"sticky\": true, \"protocol\": \"h2c\"}");

        assertThat(read().notes())
                .map(note -> note.replace(directory + "/", ""))
                .containsExactly(
                        "a.scrimp.json: sticky is read but not used by this version: clients are spread over all"
                                + " endpoints");
    }

    @Test
    void aMissingDirectoryIsAProblemAndNoFailure() {
        ApplicationDirectory.Reading reading = new ApplicationDirectory(directory.resolve("none"), Map.of()).read();

        assertThat(reading.applications()).isEmpty();
        assertThat(lines(reading)).containsExactly("none: no such directory; it is read as soon as it is there");
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsAProblem() throws Exception {
        write("file", "");

        assertThat(lines(new ApplicationDirectory(directory.resolve("file"), Map.of()).read()))
                .containsExactly("file: is not a directory");
    }

    private ApplicationDirectory.Reading read() {
        return new ApplicationDirectory(directory, Map.of("PORT", "3")).read();
    }

    private List<String> lines(ApplicationDirectory.Reading reading) {
        return reading.problems().stream()
                .map(problem -> problem.toString().replace(directory + "/", ""))
                .toList();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
