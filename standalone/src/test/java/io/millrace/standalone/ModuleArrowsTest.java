package io.millrace.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules point one way. */
@AnalyzeClasses(
    packages = "io.millrace",
    importOptions = {ImportOption.DoNotIncludeTests.class, ModuleArrowsTest.NoTestJars.class})
class ModuleArrowsTest {
  /** The fixtures that modules share. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule DOMAIN_IS_PLAIN_JAVA =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.domain..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "org.apache.kafka..",
              "org.apache.iceberg..",
              "com.linecorp.armeria..",
              "io.netty..",
              "java.net.http..")
          .orShould()
          .dependOnClassesThat(
              resideInAPackage("io.millrace..").and(not(resideInAPackage("io.millrace.domain.."))));

  @ArchTest
  static final ArchRule THE_GATEWAY_KNOWS_NO_FLINK_AND_NO_STORE =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.gateway..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "org.apache.iceberg..",
              "io.lettuce..",
              "io.millrace.alerts..",
              "io.millrace.jobs..",
              "io.millrace.sql..",
              "io.millrace.standalone..");

  @ArchTest
  static final ArchRule ALERTS_KNOW_ONLY_THE_DOMAIN_AND_NO_MODEL =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.alerts..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.iceberg..", "smile..")
          .orShould()
          .dependOnClassesThat(
              resideInAPackage("io.millrace..")
                  .and(not(resideInAPackage("io.millrace.alerts..")))
                  .and(not(resideInAPackage("io.millrace.domain.."))));

  @ArchTest
  static final ArchRule A_JOB_KNOWS_NO_OTHER_JOB =
      slices()
          .matching("io.millrace.jobs.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage("io.millrace.jobs.."), resideInAPackage("io.millrace.jobs.kit.."))
          // Programs are what joins jobs with their sources and sinks.
          .ignoreDependency(
              resideInAPackage("io.millrace.jobs.programs.."),
              resideInAPackage("io.millrace.jobs.."));

  @ArchTest
  static final ArchRule THE_KIT_KNOWS_NO_JOB =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.jobs.kit..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.millrace.jobs..")
                  .and(not(resideInAPackage("io.millrace.jobs.kit.."))));

  @ArchTest
  static final ArchRule JOBS_KNOW_ONLY_THE_DOMAIN =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.millrace.alerts..",
              "io.millrace.gateway..",
              "io.millrace.sql..",
              "io.millrace.standalone..",
              "com.linecorp.armeria..");

  /** Smile is under the GPL: a binary without this package is not. */
  @ArchTest
  static final ArchRule ONLY_THE_ANOMALY_JOB_KNOWS_SMILE =
      noClasses()
          .that()
          .resideInAPackage("io.millrace..")
          .and()
          .resideOutsideOfPackage("io.millrace.jobs.anomalies..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("smile..");

  @ArchTest
  static final ArchRule FUNCTIONS_KNOW_ONLY_THE_DOMAIN_AND_FLINKS_TABLE_API =
      classes()
          .that()
          .resideInAPackage("io.millrace.udfs..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.millrace.udfs..",
              "io.millrace.domain..",
              "org.apache.flink.table..",
              "org.apache.flink.types..",
              "org.apache.flink.configuration..",
              "java..");

  @ArchTest
  static final ArchRule SQL_ASKS_OVER_THE_WIRE =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.flink..",
              "org.apache.kafka..",
              "io.millrace.gateway..",
              "io.millrace.jobs..",
              "io.millrace.standalone..");
}
