//! What somebody of some groups may do, by the settings.

use domain::identity::{Person, Right, Scope, WayIn};

use crate::configuration::identity::GrantSettings;

/// Everyone's group.
const EVERYONE: &str = "*";

/// A person of these groups; `None` if nothing is granted to any of them.
pub(super) fn person(
    name: &str,
    way_in: WayIn,
    groups: &[String],
    grants: &[GrantSettings],
) -> Option<Person> {
    if grants.is_empty() {
        let right = Right::Viewer;
        return Some(Person {
            name: name.to_owned(),
            way_in,
            right,
            reads: Scope::All,
            decides: Scope::none(),
        });
    }
    let granted: Vec<(Right, Scope)> = grants
        .iter()
        .filter(|grant| grant.group == EVERYONE || groups.contains(&grant.group))
        .map(|grant| (grant.right.into(), grant.areas.clone().map_or(Scope::All, Scope::Areas)))
        .collect();
    let right = granted.iter().map(|(right, _)| *right).max()?;
    let within = |least: Right| {
        let scopes = granted.iter().filter(|(right, _)| *right >= least).map(|(_, scope)| scope.clone());
        scopes.fold(Scope::none(), Scope::or)
    };
    let (reads, decides) = (within(Right::Viewer), within(Right::Planner));
    Some(Person { name: name.to_owned(), way_in, right, reads, decides })
}

/// What a person may do, as a text that changes when it does.
pub(super) fn fingerprint(person: &Person) -> String {
    let scopes =
        [&person.reads, &person.decides].map(|scope| serde_json::to_string(scope).unwrap_or_default());
    format!("{} {}", person.right, scopes.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::identity::GrantedRight;

    fn grant(group: &str, right: GrantedRight, areas: Option<&str>) -> GrantSettings {
        GrantSettings { group: group.to_owned(), right, areas: areas.map(|area| [area.to_owned()].into()) }
    }

    fn of(groups: &[&str], grants: &[GrantSettings]) -> Option<Person> {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        person("ada", WayIn::OpenidConnect, &groups, grants)
    }

    #[test]
    fn rights_of_several_groups_are_joined_and_each_keeps_its_areas() {
        use GrantedRight::{Operator, Planner, Viewer};
        let grants = [
            grant("all", Viewer, None),
            grant("breda", Planner, Some("Breda")),
            grant("venlo", Planner, Some("Venlo")),
            grant("ops", Operator, None),
        ];
        let breda = of(&["breda"], &grants).unwrap();
        assert_eq!((breda.right, &breda.reads), (Right::Planner, &Scope::areas(["Breda"])));
        assert_eq!(breda.decides, breda.reads);
        let both = of(&["all", "breda", "venlo"], &grants).unwrap();
        assert_eq!((both.reads, both.decides), (Scope::All, Scope::areas(["Breda", "Venlo"])));
        let viewer = of(&["all"], &grants).unwrap();
        assert_eq!((viewer.right, &viewer.decides), (Right::Viewer, &Scope::none()));
        assert_eq!(of(&["ops"], &grants).unwrap().decides, Scope::All);
        assert!(of(&["else", "*", ""], &grants).is_none());
        assert_ne!(fingerprint(&viewer), fingerprint(&breda));
    }

    #[test]
    fn without_grants_everyone_reads_and_a_grant_to_everyone_is_for_all() {
        let person = of(&[], &[]).unwrap();
        assert_eq!((person.right, person.decides), (Right::Viewer, Scope::none()));
        assert_eq!(of(&[], &[grant("*", GrantedRight::Planner, None)]).unwrap().right, Right::Planner);
    }
}
