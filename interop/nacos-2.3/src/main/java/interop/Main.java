package interop;

import com.alibaba.nacos.core.code.ControllerMethodsCache;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletComponentScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The server of Nacos 2.3 without its console module, which no package registry has.
 *
 * The console module is also what fills the method cache: without that, a filter answers 501 to most of /v1/ns.
 */
@EnableAutoConfiguration
@EnableScheduling
@ServletComponentScan("com.alibaba.nacos")
@ComponentScan(
        basePackages = "com.alibaba.nacos",
        excludeFilters = @ComponentScan.Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class))
public class Main {

    public static void main(String[] args) {
        SpringApplication.run(Main.class, args);
    }

    @Bean
    SmartInitializingSingleton methods(ControllerMethodsCache cache) {
        return () -> {
            cache.initClassMethod("com.alibaba.nacos.core.controller");
            cache.initClassMethod("com.alibaba.nacos.naming.controllers");
            cache.initClassMethod("com.alibaba.nacos.config.server.controller");
        };
    }
}
