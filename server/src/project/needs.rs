//! The services that a project seems to need, as its compose files and `package.json` tell.

use std::collections::BTreeMap;
use std::path::Path;

use super::compose::{self, ComposeService, Published};
use super::marks::is_compose_file;
use super::{Aside, MOST_ENTRIES, ProjectRoot, package, walk};
use crate::files;
use crate::service::Service;
use crate::variable::Variable;

/// How far below the root files are looked for: `packages/web/package.json` is found.
const DEPTH: usize = 3;

/// A service that a project seems to need a port for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The variable that it would be read from.
    pub variable: Variable,
    /// What listens there.
    pub service: Service,
    /// Whether it is the project's only one of the service's kind, so that whatever variable is for
    /// that kind is for this one.
    pub is_only: bool,
}

impl Need {
    /// Whether one of these variables serves it already.
    #[must_use]
    pub fn is_served_by<'a>(
        &self,
        mut variables: impl Iterator<Item = (&'a Variable, Option<Service>)>,
    ) -> bool {
        variables.any(|(variable, service)| {
            let service = service.unwrap_or_else(|| Service::of_variable(variable, None));
            *variable == self.variable || (self.is_only && service == self.service)
        })
    }
}

/// What the project's compose files and packages tell of, each need once. Files that cannot be
/// read, or make no sense, tell nothing.
#[must_use]
pub fn of(root: &ProjectRoot) -> Vec<Need> {
    let mut services: BTreeMap<String, ComposeService> = BTreeMap::new();
    let mut by_package = Vec::new();
    let is_aside = |path: &Path| {
        let below = path.strip_prefix(root).unwrap_or(path);
        below.parent().is_some_and(|parent| parent.iter().any(|name| Aside::of_name(name).is_some()))
    };
    for entry in walk(root).max_depth(Some(DEPTH)).build().take(MOST_ENTRIES).flatten() {
        let (path, Some(name)) = (entry.path(), entry.file_name().to_str()) else { continue };
        if !(name == "package.json" || is_compose_file(name)) || is_aside(path) {
            continue;
        }
        let below = path.strip_prefix(root).unwrap_or(path);
        let Ok(Some(text)) = files::read_within(root.as_path(), below) else { continue };
        if name == "package.json" {
            by_package.extend(package::services(&text));
            continue;
        }
        for service in compose::services(&text) {
            let known = services.entry(service.name.clone()).or_insert_with(|| service.clone());
            known.image = known.image.take().or(service.image);
            known.published = known.published.take().or(service.published);
        }
    }
    let mut needs = of_compose(services.values());
    for service in by_package {
        let need = Need { variable: service.variable(), service, is_only: true };
        if !need.is_served_by(needs.iter().map(|need| (&need.variable, Some(need.service)))) {
            needs.push(need);
        }
    }
    needs
}

fn of_compose<'a>(services: impl Iterator<Item = &'a ComposeService>) -> Vec<Need> {
    let reached: Vec<(&ComposeService, Service)> =
        services.filter_map(|service| Some((service, kind_of(service)?))).collect();
    let count = |kind: Service| reached.iter().filter(|(_, other)| *other == kind).count();
    let need = |(service, kind): &(&ComposeService, Service)| {
        // `misc` is no kind: two services of it have nothing in common.
        let is_only = *kind != Service::Misc && count(*kind) == 1;
        let variable = match &service.published {
            Some(Published::Variable(variable)) => variable.clone(),
            _ if is_only => kind.variable(),
            _ => variable_of(&service.name).unwrap_or_else(|| kind.variable()),
        };
        Need { variable, service: *kind, is_only }
    };
    let mut needs: Vec<Need> = reached.iter().map(need).collect();
    let mut seen = std::collections::BTreeSet::new();
    needs.retain(|need| seen.insert(need.variable.clone()));
    needs
}

/// What a service is that the machine reaches; `None` for one that publishes no port and is not
/// known to be something that developers connect to.
fn kind_of(service: &ComposeService) -> Option<Service> {
    let by_image = service.image.as_deref().map(without_registry).and_then(Service::of_name);
    let by_name = || Service::of_name(&service.name);
    match by_image {
        // A database is one whatever it is called; `web` may run an image called `api`.
        Some(infrastructure) if !matches!(infrastructure, Service::Web | Service::Api | Service::Misc) => {
            Some(infrastructure)
        }
        _ if service.published.is_some() => Some(by_name().or(by_image).unwrap_or(Service::Misc)),
        _ => None,
    }
}

/// An image's name without the host that it comes from and without its tag, whose words say nothing
/// of what it is: `ghcr.io/shop/web:db-test` is a web server.
fn without_registry(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let start =
        image.split_once('/').filter(|(host, _)| host.contains(['.', ':'])).map_or(image, |(_, it)| it);
    start.split(':').next().unwrap_or(start)
}

/// `ADMIN_UI_PORT` for `admin-ui`.
fn variable_of(name: &str) -> Option<Variable> {
    let name: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' })
        .collect();
    format!("{name}_PORT").parse().ok().filter(Variable::is_port_name)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn project(files: &[(&str, &str)]) -> (tempfile::TempDir, ProjectRoot) {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let root = ProjectRoot::exact(directory.path()).unwrap();
        (directory, root)
    }

    fn needs(files: &[(&str, &str)]) -> Vec<(String, Service)> {
        let (_directory, root) = project(files);
        of(&root).into_iter().map(|need| (need.variable.to_string(), need.service)).collect()
    }

    fn need(variable: &str, service: Service) -> (String, Service) {
        (variable.to_owned(), service)
    }

    #[test]
    fn a_compose_service_needs_a_port_by_its_image_or_by_publishing_one() {
        let compose = r#"
services:
  frontend: { build: ., ports: ["3000:3000"] }
  backend: { build: . }
  store: { image: "docker.io/library/postgres:16" }
  redis: { image: "redis:7", ports: ["6379:6379"] }
  migrate: { image: "shop/migrate" }
  mail: { image: "axllent/mailpit", ports: ["8025:8025"] }
"#;
        assert_eq!(
            needs(&[("compose.yaml", compose)]),
            [
                need("WEB_PORT", Service::Web),
                need("MAIL_PORT", Service::Misc),
                need("REDIS_PORT", Service::Cache),
                need("DB_PORT", Service::Db),
            ]
        );
    }

    #[test]
    fn several_services_of_a_kind_are_told_apart_by_their_names() {
        let compose = r#"
services:
  admin-web: { build: ., ports: ["8081:80"] }
  shop-web: { build: ., ports: ["${SHOP_PORT:-8080}:80"] }
"#;
        assert_eq!(
            needs(&[("docker-compose.yml", compose)]),
            [need("ADMIN_WEB_PORT", Service::Web), need("SHOP_PORT", Service::Web)]
        );
    }

    #[test]
    fn compose_files_and_packages_in_subdirectories_count_together_and_those_of_others_do_not() {
        let files = [
            ("packages/web/package.json", r#"{"devDependencies": {"vite": "7"}}"#),
            ("packages/api/package.json", r#"{"dependencies": {"express": "5", "pg": "8"}}"#),
            ("deploy/compose.yaml", "services: { db: { image: postgres } }"),
            ("deploy/compose.prod.yaml", "services: { queue: { image: rabbitmq } }"),
            ("node_modules/redis/package.json", r#"{"dependencies": {"redis": "5"}}"#),
            ("examples/package.json", r#"{"dependencies": {"redis": "5"}}"#),
            ("other/.ports.env", ""),
            ("other/package.json", r#"{"dependencies": {"redis": "5"}}"#),
        ];
        assert_eq!(
            needs(&files),
            [need("DB_PORT", Service::Db), need("API_PORT", Service::Api), need("WEB_PORT", Service::Web)]
        );
    }

    #[test]
    fn a_need_is_served_by_a_variable_of_its_kind_if_it_is_the_only_one() {
        let postgres: Variable = "POSTGRES_PORT".parse().unwrap();
        let only = Need { variable: "DB_PORT".parse().unwrap(), service: Service::Db, is_only: true };
        let one_of_two = Need { is_only: false, ..only.clone() };
        assert!(only.is_served_by([(&postgres, None)].into_iter()));
        assert!(!one_of_two.is_served_by([(&postgres, None)].into_iter()));
        assert!(one_of_two.is_served_by([(&one_of_two.variable, None)].into_iter()));
    }
}
