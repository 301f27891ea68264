//! Revoking a key, and the keys that it made.

use callhook::api_key::{KeyId, KeyOwner};
use callhook::store::{KeyAdmin, StoreError};

/// Keys that one request revokes with the one that made them: some seconds of work.
const MAX_AT_A_TIME: usize = 100;

/// What a request revoked of the keys that a key made.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) revoked: usize,
    /// Keys that were looked at; some were revoked before.
    pub(crate) seen: usize,
    /// Whether none is left. If not, the same request goes on.
    pub(crate) is_complete: bool,
}

/// Revokes a key; whether `owner` has it.
pub(crate) async fn revoke<D: KeyAdmin>(
    store: &D,
    owner: &KeyOwner,
    id: &KeyId,
) -> Result<bool, StoreError> {
    let Some(revoked) = store.revoke_key(owner, id).await? else { return Ok(false) };
    // A key that made others stays among those of its maker, which leads to them. So does one whose request
    // crashes here.
    let leads_on = *owner == KeyOwner::Platform && !store.made_keys(id, 1).await?.is_empty();
    if let Some(maker) = revoked.created_by.filter(|_| !leads_on) {
        store.remove_made_key(&maker, id).await?;
    }
    Ok(true)
}

/// Revokes the keys that `maker` made, those that these made, and so on. A key is revoked before those that it
/// made, so that it makes no more; it is forgotten after them, so that a crash loses none.
pub(crate) async fn revoke_made_by<D: KeyAdmin>(
    store: &D,
    maker: &KeyId,
) -> Result<Made, StoreError> {
    let mut made = Made::default();
    // From the first maker to the one whose keys are looked at.
    let mut path = vec![maker.clone()];
    while let Some(maker) = path.last() {
        let Some(key) = store.made_keys(maker, 1).await?.pop() else {
            let done = path.pop();
            if let (Some(done), Some(its_maker)) = (done, path.last()) {
                store.remove_made_key(its_maker, &done).await?;
            }
            continue;
        };
        // Those that were revoked before are passed: a chain has few generations.
        if made.revoked >= MAX_AT_A_TIME {
            return Ok(made);
        }
        made.seen += 1;
        made.revoked += usize::from(store.revoke_key(&key.owner, &key.id).await?.is_some());
        match key.owner {
            KeyOwner::Platform => path.push(key.id),
            KeyOwner::Account(_) => store.remove_made_key(maker, &key.id).await?,
        }
    }
    made.is_complete = true;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use callhook::api_key::{ApiKey, Grant, KeyRequest, StoredKey};
    use callhook::dynamodb::ConfigTable;
    use callhook::scope::Scopes;
    use callhook::store::WriteError;
    use callhook::testing::TestTables;
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    async fn make(table: &ConfigTable, maker: Option<&StoredKey>) -> Result<StoredKey, WriteError> {
        let grant = maker.map_or_else(|| Grant::of_operator(Scopes::all()), Grant::of);
        let (request, now) = (json!({"name": "n"}), Timestamp::now());
        let owner = KeyOwner::Platform;
        let request = KeyRequest::parse(request.as_object().unwrap(), &owner, &grant, now).unwrap();
        let key = ApiKey::generate().unwrap();
        let record = request.into_stored_key(&key, &owner, now);
        table.create_key(&key.hash(), &record).await?;
        Ok(record)
    }

    async fn is_there(table: &ConfigTable, key: &StoredKey) -> bool {
        table.stored_key(&KeyOwner::Platform, &key.id).await.unwrap().is_some()
    }

    #[tokio::test]
    async fn the_keys_that_a_key_made_are_revoked_with_it_and_those_that_they_made() {
        let table = TestTables::start().await.unwrap().config();
        let (root, other) = (make(&table, None).await.unwrap(), make(&table, None).await.unwrap());
        let child = make(&table, Some(&root)).await.unwrap();
        let made = [
            make(&table, Some(&root)).await.unwrap(),
            make(&table, Some(&child)).await.unwrap(),
            child,
        ];
        let others = make(&table, Some(&other)).await.unwrap();
        assert!(revoke(&table, &KeyOwner::Platform, &root.id).await.unwrap());
        let revoked = revoke_made_by(&table, &root.id).await.unwrap();
        assert_eq!(revoked, Made { revoked: 3, seen: 3, is_complete: true });
        for key in &made {
            assert!(!is_there(&table, key).await);
        }
        assert!(is_there(&table, &other).await && is_there(&table, &others).await);
        let again = revoke_made_by(&table, &root.id).await.unwrap();
        assert_eq!(again, Made { revoked: 0, seen: 0, is_complete: true });
    }

    #[tokio::test]
    async fn a_revocation_that_broke_off_goes_on() {
        let table = TestTables::start().await.unwrap().config();
        let root = make(&table, None).await.unwrap();
        let child = make(&table, Some(&root)).await.unwrap();
        let grandchild = make(&table, Some(&child)).await.unwrap();
        // As after a crash: the child is revoked, and its own keys are not.
        table.revoke_key(&KeyOwner::Platform, &root.id).await.unwrap();
        table.revoke_key(&KeyOwner::Platform, &child.id).await.unwrap();
        assert!(is_there(&table, &grandchild).await);
        let revoked = revoke_made_by(&table, &root.id).await.unwrap();
        assert_eq!(revoked, Made { revoked: 1, seen: 2, is_complete: true });
        assert!(!is_there(&table, &grandchild).await);
    }

    #[tokio::test]
    async fn many_keys_take_several_requests() {
        let table = TestTables::start().await.unwrap().config();
        let root = make(&table, None).await.unwrap();
        for _ in 0..=MAX_AT_A_TIME {
            make(&table, Some(&root)).await.unwrap();
        }
        let first = revoke_made_by(&table, &root.id).await.unwrap();
        assert_eq!((first.revoked, first.is_complete), (MAX_AT_A_TIME, false));
        let mut revoked = first.revoked;
        for _ in 0..3 {
            let more = revoke_made_by(&table, &root.id).await.unwrap();
            revoked += more.revoked;
            if more.is_complete {
                break;
            }
        }
        assert_eq!(revoked, MAX_AT_A_TIME + 1);
        assert_eq!(table.made_keys(&root.id, 1).await.unwrap(), []);
    }

    #[tokio::test]
    async fn as_many_keys_as_a_request_revokes_are_all() {
        let table = TestTables::start().await.unwrap().config();
        let root = make(&table, None).await.unwrap();
        for _ in 0..MAX_AT_A_TIME {
            make(&table, Some(&root)).await.unwrap();
        }
        let first = revoke_made_by(&table, &root.id).await.unwrap();
        assert_eq!(first, Made { revoked: MAX_AT_A_TIME, seen: MAX_AT_A_TIME, is_complete: true });
    }

    #[tokio::test]
    async fn a_chain_of_keys_that_is_longer_than_a_request_revokes_ends() {
        let table = TestTables::start().await.unwrap().config();
        let root = make(&table, None).await.unwrap();
        let mut last = root.clone();
        for _ in 0..=MAX_AT_A_TIME {
            last = make(&table, Some(&last)).await.unwrap();
        }
        assert!(!revoke_made_by(&table, &root.id).await.unwrap().is_complete);
        assert!(is_there(&table, &last).await);
        assert!(revoke_made_by(&table, &root.id).await.unwrap().is_complete);
        assert!(!is_there(&table, &last).await);
    }

    #[tokio::test]
    async fn a_key_that_was_revoked_alone_leads_to_those_that_it_made() {
        let table = TestTables::start().await.unwrap().config();
        let root = make(&table, None).await.unwrap();
        let child = make(&table, Some(&root)).await.unwrap();
        let grandchild = make(&table, Some(&child)).await.unwrap();
        assert!(revoke(&table, &KeyOwner::Platform, &child.id).await.unwrap());
        assert!(is_there(&table, &grandchild).await, "it was not asked for");
        assert!(revoke_made_by(&table, &root.id).await.unwrap().is_complete);
        assert!(!is_there(&table, &grandchild).await);
    }

    #[tokio::test]
    async fn a_revoked_key_makes_no_key() {
        let table = TestTables::start().await.unwrap().config();
        let root = make(&table, None).await.unwrap();
        assert!(revoke(&table, &KeyOwner::Platform, &root.id).await.unwrap());
        assert!(matches!(make(&table, Some(&root)).await, Err(WriteError::Condition)));
    }

    #[tokio::test]
    async fn a_key_that_is_revoked_alone_is_no_longer_among_those_of_its_maker() {
        let table = TestTables::start().await.unwrap().config();
        let root = make(&table, None).await.unwrap();
        let child = make(&table, Some(&root)).await.unwrap();
        assert!(revoke(&table, &KeyOwner::Platform, &child.id).await.unwrap());
        assert_eq!(table.made_keys(&root.id, 1).await.unwrap(), []);
        assert!(is_there(&table, &root).await);
    }
}
